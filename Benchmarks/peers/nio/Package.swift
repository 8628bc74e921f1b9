// swift-tools-version: 6.1
// Echo servers on SwiftNIO, to be measured beside: a package of its own, as this library depends on nothing.
//
//     SWIFT_NIO=/path/to/swift-nio swift build -c release --package-path Benchmarks/peers/nio
//     echo=Benchmarks/peers/nio/.build/release/nio-echo
//     Scripts/bench/links --beside "NIO async channel=$echo PORT async" \
//         --beside "NIO handler=$echo PORT handler"
import PackageDescription

guard let path = Context.environment["SWIFT_NIO"] else {
    fatalError("expected a checkout of swift-nio in SWIFT_NIO, got nothing")
}

let package = Package(
    name: "nio-echo",
    dependencies: [.package(name: "swift-nio", path: path)],
    targets: [
        .executableTarget(
            name: "nio-echo",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ])
    ])
