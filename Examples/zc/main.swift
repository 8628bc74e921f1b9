import ExampleSupport

// One program with several names: what it does is its first argument, or the name that it was started by.

let usage = """
    usage: zc ws URL               speak WebSocket, line by line
           zc top HOST:PORT        watch a server's figures
           zc load --url URL       load on an echo, and how soon it answers
           zc talk --to HOST:PORT  speak TCP or TLS
           zc doctor               what this machine lacks for so many connections
    Each says more where it is called without arguments that it can use; load, talk and doctor are programs of
    their own names too.
    """

var arguments = CommandLine.arguments[...]
let name = arguments.popFirst()?.split(separator: "/").last.map(String.init) ?? ""
let command = ["load", "talk", "doctor"].contains(name) ? name : arguments.popFirst()
switch command {
case "ws": await WebSocketCommand(arguments).run()
case "top": await TopCommand(arguments).run()
case "load": await LoadCommand(arguments).run()
case "talk": await TalkCommand(arguments).run()
case "doctor": DoctorCommand(arguments).run()
case "help", "--help", "-h": say(usage)
default: fail(usage)
}
