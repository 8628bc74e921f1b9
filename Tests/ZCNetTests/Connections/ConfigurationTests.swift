import Testing

@testable import ZCNet

/// Every setting, just outside of its limits and on them.
@Suite struct ConfigurationTests {
    typealias Server = TCPServer.Configuration

    /// A setting: its name, what is too little and too much, and the least and the most, each put into place.
    struct Setting: Sendable {
        let field: String
        let bad: [@Sendable (inout Server) -> Void]
        let good: [@Sendable (inout Server) -> Void]

        init<Value: Sendable>(
            _ field: String, _ path: WritableKeyPath<Server, Value> & Sendable, bad: [Value], good: [Value]
        ) {
            self.field = field
            self.bad = bad.map { value in { $0[keyPath: path] = value } }
            self.good = good.map { value in { $0[keyPath: path] = value } }
        }

        static func number(
            _ field: String, _ path: WritableKeyPath<Server, Int> & Sendable, _ limits: ClosedRange<Int>
        ) -> Setting {
            Setting(
                field, path, bad: [Int.min, limits.lowerBound - 1, limits.upperBound + 1, Int.max],
                good: [limits.lowerBound, limits.upperBound])
        }

        static func number(
            _ field: String, _ path: WritableKeyPath<Server, Int?> & Sendable, _ limits: ClosedRange<Int>
        ) -> Setting {
            Setting(
                field, path, bad: [limits.lowerBound - 1, limits.upperBound + 1, Int.max],
                good: [limits.lowerBound, limits.upperBound, nil])
        }

        static func time(
            _ field: String, _ path: WritableKeyPath<Server, Duration> & Sendable,
            _ limits: ClosedRange<Duration>
        ) -> Setting {
            Setting(
                field, path, bad: [.seconds(-1), limits.lowerBound - tiny, limits.upperBound + tiny],
                good: [limits.lowerBound, limits.upperBound])
        }

        static func time(
            _ field: String, _ path: WritableKeyPath<Server, Duration?> & Sendable,
            _ limits: ClosedRange<Duration>
        ) -> Setting {
            Setting(
                field, path, bad: [.seconds(-1), limits.lowerBound - tiny, limits.upperBound + tiny],
                good: [limits.lowerBound, limits.upperBound, nil])
        }

        private static let tiny = Duration.nanoseconds(1)
    }

    private static let ages = Duration.milliseconds(1)...Duration.seconds(200 * 86_400)

    private var settings: [Setting] {
        var withKeepAlive = Server()
        withKeepAlive.socket.keepAlive = SocketOptions.KeepAlive()
        let keepAlive = \Server.socket.keepAlive
        func probe(_ change: @escaping @Sendable (inout SocketOptions.KeepAlive) -> Void)
            -> SocketOptions.KeepAlive?
        {
            var made = SocketOptions.KeepAlive()
            change(&made)
            return made
        }
        return [
            .number("group.loops", \.group.loops, 1...256),
            .number("group.limits.chunkBytes", \.group.limits.chunkBytes, 16 << 10...64 << 20),
            .number("group.limits.corkBytes", \.group.limits.corkBytes, 4096...16 << 20),
            .time("group.limits.timerTick", \.group.limits.timerTick, .milliseconds(1)...Duration.seconds(1)),
            .number("group.limits.mailboxMessagesMax", \.group.limits.mailboxMessagesMax, 16...1 << 30),
            .time(
                "group.limits.slowCallback", \.group.limits.slowCallback,
                .milliseconds(10)...Duration.seconds(3600)
            ),
            .number("connection.outboundBytesMax", \.connection.outboundBytesMax, 1...Int(UInt32.max)),
            Setting(
                "connection.outboundHighWatermarkBytes", \.connection.outboundHighWatermarkBytes,
                bad: [0, 1 << 40 + 1], good: [128 << 10, 1 << 40]),
            .number(
                "connection.outboundLowWatermarkBytes", \.connection.outboundLowWatermarkBytes, 0...262_144),
            .number("connection.unreadBytesMax", \.connection.unreadBytesMax, 1...1 << 30),
            .time("connection.idleTimeout", \.connection.idleTimeout, Self.ages),
            .time("connection.lifetimeMax", \.connection.lifetimeMax, Self.ages),
            .time("connection.lingerTimeout", \.connection.lingerTimeout, Self.ages),
            .number("listener.backlog", \.listener.backlog, 1...65535),
            .number("socket.receiveBufferBytes", \.socket.receiveBufferBytes, 1024...1 << 30),
            .number("socket.sendBufferBytes", \.socket.sendBufferBytes, 1024...1 << 30),
            Setting(
                "socket.keepAlive.idleSeconds", keepAlive,
                bad: [probe { $0.idleSeconds = 0 }, probe { $0.idleSeconds = 32768 }],
                good: [probe { $0.idleSeconds = 1 }, probe { $0.idleSeconds = 32767 }]),
            Setting(
                "socket.keepAlive.intervalSeconds", keepAlive,
                bad: [probe { $0.intervalSeconds = 0 }, probe { $0.intervalSeconds = 32768 }],
                good: [probe { $0.intervalSeconds = 1 }, probe { $0.intervalSeconds = 32767 }]),
            Setting(
                "socket.keepAlive.probesMax", keepAlive,
                bad: [probe { $0.probesMax = 0 }, probe { $0.probesMax = 128 }],
                good: [probe { $0.probesMax = 1 }, probe { $0.probesMax = 127 }]),
            .number("connectionsMax", \.connectionsMax, 1...1 << 30),
            .number("perAddressMax", \.perAddressMax, 1...1 << 30),
        ]
    }

    private func field(_ change: (inout Server) -> Void) -> String? {
        var configuration = Server()
        change(&configuration)
        do throws(ConfigurationError) {
            try configuration.validate()
            return nil
        } catch {
            return error.field
        }
    }

    @Test func aServersSettings() {
        #expect(field { _ in } == nil)
        for setting in settings {
            for (number, change) in setting.bad.enumerated() {
                #expect(field(change) == setting.field, "bad \(number)")
            }
            for (number, change) in setting.good.enumerated() {
                #expect(field(change) == nil, "good \(number) of \(setting.field)")
            }
        }
    }

    @Test func aClientsSettings() throws {
        func field(_ change: (inout TCPClient.Configuration) -> Void) -> String? {
            var configuration = TCPClient.Configuration()
            change(&configuration)
            do throws(ConfigurationError) {
                try configuration.validate()
                return nil
            } catch {
                return error.field
            }
        }
        #expect(field { _ in } == nil)
        for bad in [Duration.zero, .nanoseconds(999_999), .seconds(3600) + .nanoseconds(1), .seconds(-5)] {
            #expect(field { $0.connectTimeout = bad } == "connectTimeout")
        }
        for good in [Duration.milliseconds(1), .seconds(3600)] {
            #expect(field { $0.connectTimeout = good } == nil)
        }
        #expect(field { $0.group.loops = 0 } == "group.loops")
        #expect(field { $0.connection.unreadBytesMax = 0 } == "connection.unreadBytesMax")
        #expect(field { $0.socket.sendBufferBytes = 1 } == "socket.sendBufferBytes")
    }

    @Test func buildingChecksFirst() {
        var group = EventLoopGroup.Configuration()
        group.limits.corkBytes = 1
        #expect(throws: ConfigurationError(field: "limits.corkBytes", expected: "4096...16777216", got: "1"))
        {
            try EventLoopGroup(group)
        }
        var server = Server()
        server.listener.backlog = 0
        #expect(throws: ConfigurationError(field: "listener.backlog", expected: "1...65535", got: "0")) {
            try TCPServer(on: "127.0.0.1:0", configuration: server) { SiteHandler(Monitor(Journal())) }
        }
        var client = TCPClient.Configuration()
        client.connectTimeout = .zero
        #expect(throws: ConfigurationError.self) {
            try TCPClient(client) { SiteHandler(Monitor(Journal())) }
        }
        let error = ConfigurationError(field: "f", expected: "1...2", got: "3")
        #expect("\(error)" == "f: expected 1...2, got 3")
    }

    @Test func aLimitThatDependsOnAnother() {
        #expect(
            field { $0.connection.outboundHighWatermarkBytes = 100 } == "connection.outboundLowWatermarkBytes"
        )
    }

    @Test func aGroupThatRunsTakesNobodyIn() async throws {
        try await onThread {
            let site = try Site()
            let group = site.server.group
            #expect(throws: ConfigurationError.self) {
                try TCPClient(group: group) { SiteHandler(site.journal) }
            }
            #expect(throws: ConfigurationError.self) {
                try TCPServer(on: "127.0.0.1:0", group: group) { SiteHandler(site.journal) }
            }
            site.finish()
        }
    }

    @Test func aUnixSocketIsNotSharedByLoops() throws {
        let directory = try TemporaryDirectory()
        var configuration = Server()
        configuration.group.loops = 2
        configuration.acceptStrategy = .perLoop
        #expect(throws: ConfigurationError.self) {
            try TCPServer(on: "unix:\(directory.path)/s", configuration: configuration) {
                SiteHandler(Monitor(Journal()))
            }
        }
    }
}
