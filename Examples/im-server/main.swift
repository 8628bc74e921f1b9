import ExampleSupport

// A messenger: log in, follow channels, say something; what is acknowledged is in the log. See
// http://127.0.0.1:9005/ in two tabs.
let arguments = ImArguments()
serveUntilSignal { try ImServer(arguments) }
