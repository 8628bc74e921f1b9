import ExampleSupport

// A feed of trades, a gateway that takes them, and a page that shows them: see http://127.0.0.1:9003/ and
// http://127.0.0.1:9003/?slow=500, whose browser says that it has shown a frame only half a second later.
let arguments = GatewayArguments()
serveUntilSignal { try TradeGateway(arguments) }
