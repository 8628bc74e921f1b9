import Testing
import ZCNet

@testable import ZCNATS

/// What the client says, and the words it says it with.
@Suite struct WordsTests {
    private func written(_ write: (inout WriteBuffer) throws -> Void) throws -> String {
        var buffer = WriteBuffer()
        try write(&buffer)
        return buffer.bytes.text
    }

    @Test func operationsAreWritten() throws {
        let payload = SharedBytes("hello")
        let subject = SharedBytes("a.b")
        #expect(
            try written {
                try $0.appendPublication(
                    subject.bytes, reply: RawSpan(), headers: RawSpan(), payload.bytes)
            } == "PUB a.b 5\r\nhello\r\n")
        #expect(
            try written {
                try $0.appendPublication(
                    subject.bytes, reply: subject.bytes, headers: RawSpan(), RawSpan())
            } == "PUB a.b a.b 0\r\n\r\n")
        var headers = NATSHeaders()
        try headers.add("K", "v")
        let block = SharedBytes(copying: headers.encoded)
        #expect(
            try written {
                try $0.appendPublication(
                    subject.bytes, reply: RawSpan(), headers: block.bytes, payload.bytes)
            } == "HPUB a.b 18 23\r\nNATS/1.0\r\nK: v\r\n\r\nhello\r\n")
        #expect(
            try written { try $0.appendSubscription(subject.bytes, queue: RawSpan(), sid: 12) }
                == "SUB a.b 12\r\n")
        #expect(
            try written { try $0.appendSubscription(subject.bytes, queue: payload.bytes, sid: 1) }
                == "SUB a.b hello 1\r\n")
        #expect(
            try written {
                try $0.appendUnsubscription(sid: 1, after: nil)
                try $0.appendUnsubscription(sid: 2, after: 100)
            } == "UNSUB 1\r\nUNSUB 2 100\r\n")
    }

    @Test(arguments: [0, 9, 10, 99, 100, 12345, 1 << 40]) func numbersAreWritten(_ number: Int) throws {
        #expect(try written { try $0.append(decimal: number) } == "\(number)")
    }

    @Test(arguments: ["", ".", "a.", ".a", "a..b", "a b", "a\tb", "a\r\nb", "a.*", ">", "a.>"])
    func whatIsNoSubjectIsRefused(_ text: String) {
        #expect(throws: NATSError.self) { try NATSSubject(text) }
    }

    @Test func longSubjectsAreRefused() throws {
        _ = try NATSSubject(String(repeating: "x", count: 1024))
        let error = #expect(throws: NATSError.self) { try NATSSubject(String(repeating: "x", count: 1025)) }
        #expect(error?.expected == "a subject of at most 1024 bytes")
    }

    @Test(arguments: ["a.>.b", "a..*", "*.", "> ", ""]) func whatIsNoPatternIsRefused(_ text: String) {
        #expect(throws: NATSError.self) { try NATSPattern(text) }
    }

    @Test func patternsMatch() throws {
        let subjects = try ["a", "a.b", "a.b.c", "b.b", "a*.b"].map { try NATSSubject($0) }
        func matched(_ pattern: String) throws -> [String] {
            let pattern = try NATSPattern(pattern)
            return subjects.filter { pattern.matches($0) }.map(\.description)
        }
        #expect(try matched("a") == ["a"])
        #expect(try matched("a.*") == ["a.b"])
        #expect(try matched("a.>") == ["a.b", "a.b.c"])
        #expect(try matched("*.b") == ["a.b", "b.b", "a*.b"])
        #expect(try matched(">").count == 5)
    }

    @Test func headersAreReadAsTheyWereWritten() throws {
        var headers = NATSHeaders()
        #expect(headers.isEmpty && headers["A"] == nil && headers.status == nil)
        try headers.add("Nats-Msg-Id", "7")
        try headers.add("A", "")
        try headers.add("A", "second: with colon")
        #expect(headers["Nats-Msg-Id"] == "7" && headers["nats-msg-id"] == nil && headers["A"] == "")
        #expect(headers.fields.map(\.name) == ["Nats-Msg-Id", "A", "A"])
        #expect(headers.fields.last?.value == "second: with colon")
        #expect(throws: NATSError.self) { try headers.add("a b", "") }
        #expect(throws: NATSError.self) { try headers.add("", "") }
        #expect(throws: NATSError.self) { try headers.add("a:", "") }
        #expect(throws: NATSError.self) { try headers.add("a", "1\r\nb: 2") }
        let long = #expect(throws: NATSError.self) {
            try headers.add("a", String(repeating: "x", count: 1 << 16))
        }
        #expect(long?.code == .header)
    }

    @Test func statusesAreRead() {
        Array("NATS/1.0 503\r\n\r\n".utf8).withBytes { bytes in
            let view = NATSHeaderView(bytes)
            #expect(view.status == 503 && view.statusText.isEmpty)
        }
        Array("NATS/1.0 404 No Messages\r\nNats-Pending-Messages: 12\r\nbroken\r\n\r\n".utf8)
            .withBytes { bytes in
                let view = NATSHeaderView(bytes)
                #expect(view.status == 404 && view.statusText == "No Messages")
                #expect(view.integer("Nats-Pending-Messages") == 12 && view.integer("broken") == nil)
            }
        Array("NATS/1.0".utf8).withBytes { bytes in
            let view = NATSHeaderView(bytes)
            #expect(view.status == nil && view["x"] == nil)
        }
    }

    @Test func whatAServerSaysOfItselfIsRead() throws {
        let text = """
            {"server_id":"N1","version":"2.9.10","headers":true,"max_payload":1024,"nonce":"abc",
            "connect_urls":["10.0.0.1:4222","[::1]:4223"],"ldm":true,"unknown":{"a":[1,null]}}
            """
        let info = try Array(text.utf8).withBytes { bytes in
            Result { () throws(NATSError) in try NATSServerInfo(parsing: bytes) }
        }.get()
        #expect(info.version == "2.9.10" && info.payloadBytesMax == 1024 && info.knowsHeaders)
        #expect(info.connectURLs == ["10.0.0.1:4222", "[::1]:4223"] && info.isLameDuck)
        #expect(info.nonce == "abc" && !info.requiresTLS)
        for broken in ["", "{", "[]", "{\"max_payload\":0}", "{\"max_payload\":\"1\"}", "{} x"] {
            let result = Array(broken.utf8).withBytes { bytes in
                Result { () throws(NATSError) in try NATSServerInfo(parsing: bytes) }
            }
            #expect(throws: NATSError.self, "\(broken)") { try result.get() }
        }
    }

    @Test func addressesOfServersAreRead() throws {
        #expect(try ServerAddress(parsing: "nats://h").endpoint == "h:4222")
        #expect(try ServerAddress(parsing: "h:1").endpoint == "h:1")
        #expect(try ServerAddress(parsing: "tls://[::1]:7/").endpoint == "[::1]:7")
        #expect(try ServerAddress(parsing: "tls://h").isSecure)
        #expect(try ServerAddress(parsing: "nats://[::1]").endpoint == "[::1]:4222")
        let address = try ServerAddress(parsing: "nats://me:pa:ss@h:1")
        #expect(address.user == "me" && address.password == "pa:ss" && address.endpoint == "h:1")
        #expect(throws: (any Error).self) { try ServerAddress(parsing: "nats://h:port") }
    }

    @Test func roundsPassEveryServerOnceAndTheLostOneLast() throws {
        var pool = ServerPool(
            try ["a:1", "b:1", "c:1"].map { try ServerAddress(parsing: $0) }, picksAtRandom: false)
        var generator = SystemRandomNumberGenerator()
        pool.beginRound(using: &generator)
        #expect(pool.next()?.endpoint == "a:1")
        #expect(pool.add(discovered: ["d:1", "b:1", "no port:x"]) == ["d:1"])
        pool.beginRound(using: &generator)
        #expect((0..<5).map { _ in pool.next()?.endpoint } == ["b:1", "c:1", "d:1", "a:1", nil])
    }

    @Test func keysAreRead() throws {
        // A seed of the documentation of NKeys, and its public key.
        let seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"
        #expect(try NKey.seed(seed).count == 32)
        var wrong = Array(seed)
        wrong[10] = wrong[10] == "A" ? "B" : "A"
        let error = #expect(throws: NATSError.self) { try NKey.seed(String(wrong)) }
        #expect(error?.got == "another checksum")
        #expect(throws: NATSError.self) { try NKey.seed("SU") }
        #expect(throws: NATSError.self) { try NKey.seed("not base 32!") }
        let text = NKey.user(publicKey: [UInt8](repeating: 7, count: 32))
        #expect(text.hasPrefix("U") && text.count == 56)
        #expect(throws: NATSError.self) { try NKey.seed(text) }
    }

    @Test func filesOfCredentialsAreRead() throws {
        let file = """
            -----BEGIN NATS USER JWT-----
            eyJ0.abc.def
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            SUAX
            ------END USER NKEY SEED------
            """
        let (jwt, seed) = try NKey.parse(credentialsFile: file)
        #expect(jwt == "eyJ0.abc.def" && seed == "SUAX")
        #expect(throws: NATSError.self) { try NKey.parse(credentialsFile: "nothing") }
    }

    @Test func base64IsReadAndWritten() {
        #expect(Base64.bytes("aGVsbG8=") == Array("hello".utf8) && Base64.bytes("a!") == nil)
        #expect(Base64.urlText([0xFB, 0xFF, 0xFE]) == "-__-" && Base64.urlText([1]) == "AQ")
        #expect(Base32.bytes(Base32.text([1, 2, 3, 255])) == [1, 2, 3, 255])
    }
}
