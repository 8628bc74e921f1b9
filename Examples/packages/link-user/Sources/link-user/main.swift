import ZCNetWebSocket

// Links from an actor, in a package of Swift 5.
actor Asker {
    private var answers: [String] = []

    func ask(_ client: WebSocketLinkClient, at url: String, _ questions: [String]) async throws -> [String] {
        let heard = try await client.withLink(to: url) { link in
            var heard: [String] = []
            for question in questions {
                try await link.send(question)
                heard.append(try await link.next()?.text ?? "nothing")
            }
            return heard
        }
        answers += heard
        return answers
    }
}

let server = try WebSocketServer(on: "127.0.0.1:0") { link in
    for try await message in link.messages { try await link.send(message.text.uppercased()) }
}
let client = try WebSocketLinkClient()
try server.start()
try client.start()
let asker = Asker()
let url = "ws://\(server.address)/"
_ = try await asker.ask(client, at: url, ["a"])
print(try await asker.ask(client, at: url, ["b", "c"]))
await client.stop()
server.shutdown()
