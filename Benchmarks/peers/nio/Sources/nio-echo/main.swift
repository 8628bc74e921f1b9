// A WebSocket echo on SwiftNIO with one event loop. Call: nio-echo PORT handler|async
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

guard CommandLine.arguments.count == 3, let port = Int(CommandLine.arguments[1]) else {
    fatalError("expected PORT handler|async, got \(CommandLine.arguments.dropFirst())")
}
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

func bootstrap() -> ServerBootstrap {
    ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1024)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
}

/// The echo as a channel handler: what answers one reception leaves together.
final class Echo: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            let answer = WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData)
            context.write(Self.wrapOutboundOut(answer), promise: nil)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}

func serveByHandler() async throws {
    let upgrader = NIOWebSocketServerUpgrader(
        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
        upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
        })
    let server = try await bootstrap()
        .childChannelInitializer { channel in
            channel.pipeline.configureHTTPServerPipeline(
                withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
        }
        .bind(host: "127.0.0.1", port: port).get()
    try await server.closeFuture.get()
}

typealias Conversation = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

func echo(_ conversation: Conversation) async throws {
    try await conversation.executeThenClose { inbound, outbound in
        for try await frame in inbound {
            switch frame.opcode {
            case .text, .binary:
                try await outbound.write(
                    WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData))
            case .connectionClose: return
            default: break
            }
        }
    }
}

func serveByTasks() async throws {
    let server: NIOAsyncChannel<EventLoopFuture<Conversation?>, Never> = try await bootstrap()
        .bind(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                let upgrader = NIOTypedWebSocketServerUpgrader<Conversation?>(
                    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try Conversation(wrappingChannelSynchronously: channel)
                        }
                    })
                let settings = NIOTypedHTTPServerUpgradeConfiguration<Conversation?>(
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in channel.eventLoop.makeSucceededFuture(nil) })
                return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                    configuration: .init(upgradeConfiguration: settings))
            }
        }
    try await withThrowingDiscardingTaskGroup { tasks in
        try await server.executeThenClose { inbound in
            for try await upgrade in inbound {
                tasks.addTask {
                    // Why not thrown on: one connection's failure is not the others'.
                    if let conversation = try? await upgrade.get() { try? await echo(conversation) }
                }
            }
        }
    }
}

switch CommandLine.arguments[2] {
case "handler": try await serveByHandler()
case "async": try await serveByTasks()
case let other: fatalError("expected handler or async, got \(other)")
}
