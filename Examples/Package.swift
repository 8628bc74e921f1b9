// swift-tools-version: 6.3
import PackageDescription

// Every example. `echo-server` and `tcp-echo` are targets of the root package as well, for the README's
// command.
// With TLS: `swift run -c release --package-path Examples --traits TLS,Deflate load wss://…`

/// What an application has: nothing but the language mode.
let plain: [SwiftSetting] = [.swiftLanguageMode(.v6)]

func library(_ name: String) -> Target.Dependency { .product(name: name, package: "ZCNet") }

let tls: Target.Dependency = .product(
    name: "ZCNetTLS", package: "ZCNet", condition: .when(traits: ["TLS"]))

func example(_ name: String, uses products: String..., with targets: Target.Dependency...) -> Target {
    .executableTarget(
        name: name, dependencies: products.map(library) + [tls, "ExampleSupport"] + targets, path: name,
        exclude: ["README.md"], swiftSettings: plain)
}

let package = Package(
    name: "ZCNetExamples",
    products: [
        .library(name: "ExampleSupport", targets: ["ExampleSupport"]),
        // One program, which looks at the name that it is started by.
        .executable(name: "zc", targets: ["zc"]),
        .executable(name: "load", targets: ["zc"]),
        .executable(name: "talk", targets: ["zc"]),
        .executable(name: "doctor", targets: ["zc"]),
    ],
    traits: [
        .default(enabledTraits: ["Deflate"]),
        .trait(name: "Deflate", description: "Compression of WebSocket messages."),
        .trait(name: "TLS", description: "TLS, by the options --tls-cert and --tls-key."),
    ],
    dependencies: [
        .package(
            name: "ZCNet", path: "..",
            traits: [
                .trait(name: "Deflate", condition: .when(traits: ["Deflate"])),
                .trait(name: "TLS", condition: .when(traits: ["TLS"])),
            ])
    ],
    targets: [
        .target(
            name: "ExampleSupport",
            dependencies: [library("ZCNetWebSocket"), tls], path: "ExampleSupport", swiftSettings: plain),
        // What im-server and im-load say to each other. What its schema compiles to is checked in, as in the
        // root package.
        .target(
            name: "IMProtocol", dependencies: [library("ZCSBEServer")], path: "im-protocol",
            exclude: ["im.sbe.xml", "sbe.options"], swiftSettings: plain),
        example("echo-server", uses: "ZCNetWebSocket"),
        example("async-echo", uses: "ZCNetWebSocket"),
        example("async-chat", uses: "ZCNetWebSocket"),
        example("feed-relay", uses: "ZCNetWebSocket"),
        example("tcp-echo", uses: "ZCNet"),
        example("chat", uses: "ZCNetWebSocket"),
        example("tcp-chat", uses: "ZCNet"),
        .target(
            name: "ToolSupport", dependencies: [library("ZCNetWebSocket")], path: "zc/Support",
            swiftSettings: plain),
        .executableTarget(
            name: "zc", dependencies: [library("ZCNetWebSocket"), tls, "ExampleSupport", "ToolSupport"],
            path: "zc", exclude: ["README.md", "Support"], swiftSettings: plain),
        example("trade-gateway", uses: "ZCProto"),
        example("goim-room", uses: "ZCProto"),
        example("autobahn-client", uses: "ZCNetWebSocket"),
        example("production", uses: "ZCNetWebSocket"),
        example("im-server", uses: "ZCSBEServer", "ZCCluster", "ZCNATS", with: "IMProtocol"),
        example("im-load", uses: "ZCSBEServer", with: "IMProtocol"),
    ]
)
