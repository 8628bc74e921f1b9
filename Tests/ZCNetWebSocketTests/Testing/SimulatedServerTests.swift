import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// The scripted server, as an application's tests would use it.
@Suite struct SimulatedServerTests {
    @Test func itAgreesSpeaksAndEnds() throws {
        let network = SimulatedNetwork(seed: 1)
        let site = try ClientSite(network) { $0.subprotocols = ["v1", "v2"] }
        var served: [SimulatedWebSocket] = []
        network.answer(at: site.address) { peer in
            let socket = SimulatedWebSocket(
                accepting: peer, subprotocols: ["v2"], headers: ["X-Served-By": "test"])
            socket.onOpen = { $0.send("welcome") }
            socket.onMessage = { socket, message in
                if message == .text("more") { socket.send(binary: [1, 2, 3]) }
            }
            served.append(socket)
        }
        let answer = site.connect("ws://127.0.0.1:9001/feed?all")
        try site.run("a welcome") { site.log.count(of: "text welcome") == 1 }
        answer.socket?.send("more")
        try site.run("more") { site.log.count(of: "binary 3") == 1 }
        #expect(served[0].request?.target == "/feed?all")
        #expect(served[0].messages == [.text("more")])
        served[0].ping([1])
        served[0].sendClose(.goingAway, reason: "enough")
        try site.run("the end") { site.log.count(of: "close") == 1 && served[0].peer.isOver }
        #expect(served[0].pongs == [[1]] && served[0].close?.code == .goingAway)
        #expect(site.log.all.first == "open 101 /feed v2")
        #expect(site.log.all.last == "close 1001 peer clean")
        #expect(served[0].error == nil)
        network.stop()
    }

    @Test func itRefuses() throws {
        let network = SimulatedNetwork(seed: 1)
        let site = try ClientSite(network)
        var served: [SimulatedWebSocket] = []
        network.answer(at: site.address) { peer in
            served.append(
                SimulatedWebSocket(accepting: peer, refusal: HTTPResponse(status: 503, text: "later\n")))
        }
        let answer = site.connect()
        try site.run("an answer") { answer.count == 1 }
        guard case .refused(let refusal) = answer.error?.cause else {
            Issue.record("expected a refusal, got \(String(describing: answer.error))")
            return
        }
        #expect(refusal.head.status == 503 && refusal.bodyText == "later\n")
        #expect(served[0].isUpgraded == false)
        network.stop()
    }

    /// What comes unmasked is no client's.
    @Test func itReadsAsAServerDoes() throws {
        let network = SimulatedNetwork(seed: 1)
        let address = SocketAddress.ip(.loopbackV4, port: 9001)
        var served: [SimulatedWebSocket] = []
        network.answer(at: address) { served.append(SimulatedWebSocket(accepting: $0)) }
        let client = SimulatedWebSocket(network, to: address)
        client.send("fine")
        client.send(frame: 0x81, [0x61], isMasked: false)
        _ = try network.run { served.first?.error != nil && client.isUpgraded }
        #expect(client.isUpgraded && served[0].messages == [.text("fine")])
        #expect(served[0].error?.code == .protocolError)
    }
}
