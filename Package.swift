// swift-tools-version: 6.3
import PackageDescription

/// What every Swift target of this package is built with. None of these is an unsafe flag, so packages may
/// depend on ZCNet by version; `Lifetimes` is needed only to declare `~Escapable` views, never to use them.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
]

/// What an application has: nothing but the language mode. Examples are built with it to prove that users
/// need no more.
let plain: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
    name: "ZCNet",
    products: [
        .library(name: "ZCNet", targets: ["ZCNet"]),
        .library(name: "ZCNetWebSocket", targets: ["ZCNetWebSocket"]),
        .library(name: "ZCNetTLS", targets: ["ZCNetTLS"]),
        .library(name: "ZCNetTesting", targets: ["ZCNetTesting"]),
        .library(name: "ZCSBE", targets: ["ZCSBE"]),
        .library(name: "ZCSBEServer", targets: ["ZCSBEServer"]),
        .library(name: "ZCGoim", targets: ["ZCGoim"]),
        .library(name: "ZCDelivery", targets: ["ZCDelivery"]),
        .library(name: "ZCNATS", targets: ["ZCNATS"]),
        .library(name: "ZCCluster", targets: ["ZCCluster"]),
        .library(name: "ZCGoimCluster", targets: ["ZCGoimCluster"]),
        .library(name: "ZCProto", targets: ["ZCProto"]),
        .plugin(name: "SBEPlugin", targets: ["SBEPlugin"]),
        .plugin(name: "SBEGenerate", targets: ["SBEGenerate"]),
        .executable(name: "zcsbe", targets: ["zcsbe"]),
    ],
    traits: [
        .default(enabledTraits: ["Deflate"]),
        .trait(
            name: "Deflate",
            description: "Compression of WebSocket messages (RFC 7692). Links the system's zlib."),
        .trait(
            name: "Libdeflate",
            description:
                "A faster codec for messages that stand by themselves. Links the system's libdeflate.",
            enabledTraits: ["Deflate"]),
        .trait(
            name: "TLS",
            description: "TLS (RFC 8446, RFC 5246), in the product ZCNetTLS. Links the system's OpenSSL 3."),
    ],
    targets: [
        .target(name: "CZCNet", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "ZCBytes", swiftSettings: strict),
        // The C library, by one name.
        .target(name: "ZCLibC", swiftSettings: strict),
        .target(name: "ZCNet", dependencies: ["CZCNet", "ZCBytes", "ZCLibC"], swiftSettings: strict),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"])]),
        .systemLibrary(
            name: "CLibdeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"]), .yum(["libdeflate-devel"])]),
        .target(
            name: "ZCNetWebSocket",
            dependencies: [
                "ZCNet", "CZCNet", "ZCLibC", .target(name: "CZlib", condition: .when(traits: ["Deflate"])),
                .target(name: "CLibdeflate", condition: .when(traits: ["Libdeflate"])),
            ],
            swiftSettings: strict),
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"]), .yum(["openssl-devel"])]),
        // Empty without the trait.
        .target(
            name: "ZCNetTLS",
            dependencies: ["ZCNet", "ZCLibC", .target(name: "COpenSSL", condition: .when(traits: ["TLS"]))],
            swiftSettings: strict),
        // Networks made up from a seed, for tests alone.
        .target(
            name: "ZCNetTesting", dependencies: ["ZCNet", "ZCNetWebSocket", "ZCLibC"], swiftSettings: strict),
        // The codec's runtime: bytes, and no connection.
        .target(name: "ZCSBE", dependencies: ["ZCBytes"], swiftSettings: strict),
        // What schemas compile to is checked in, here and below: where any target of this package uses the plugin,
        // SwiftPM builds the compiler of schemas before whatever it was asked for. A test compares.
        .target(
            name: "ZCSBEServer", dependencies: ["ZCSBE", "ZCNet", "ZCNetWebSocket"],
            exclude: ["Trade/trade.sbe.xml", "Trade/sbe.options"], swiftSettings: strict),
        .target(name: "ZCGoim", dependencies: ["ZCNet", "ZCNetWebSocket"], swiftSettings: strict),
        .target(name: "ZCDelivery", dependencies: ["ZCNet", "ZCLibC"], swiftSettings: strict),
        .target(name: "ZCNATS", dependencies: ["ZCNet", "ZCLibC"], swiftSettings: strict),
        // Several processes that serve the same channels.
        .target(
            name: "ZCCluster", dependencies: ["ZCNet", "ZCNetWebSocket", "ZCDelivery", "ZCNATS"],
            swiftSettings: strict),
        // A goim server that is one of several. Apart, so that nobody builds NATS who has not asked for it.
        .target(
            name: "ZCGoimCluster", dependencies: ["ZCNet", "ZCGoim", "ZCCluster"], swiftSettings: strict),
        // One import for four of the above, without NATS.
        .target(
            name: "ZCProto", dependencies: ["ZCSBE", "ZCSBEServer", "ZCGoim", "ZCDelivery"],
            swiftSettings: strict),

        // The compiler of SBE schemas: a tool at build time, so that it may use Foundation's XML parser.
        .target(name: "SBECompiler", swiftSettings: plain),
        .executableTarget(
            name: "zcsbe", dependencies: ["SBECompiler"], path: "Sources/SBETool", swiftSettings: plain),
        .plugin(name: "SBEPlugin", capability: .buildTool(), dependencies: ["zcsbe"]),
        .plugin(
            name: "SBEGenerate",
            capability: .command(
                intent: .custom(
                    verb: "sbe-generate", description: "Compiles SBE schemas to checked-in sources"),
                permissions: [.writeToPackageDirectory(reason: "The Swift of the schemas goes there")]),
            dependencies: ["zcsbe"]),

        .target(
            name: "ExampleSupport",
            dependencies: ["ZCNetWebSocket", .target(name: "ZCNetTLS", condition: .when(traits: ["TLS"]))],
            path: "Examples/ExampleSupport",
            swiftSettings: plain),
        // What the program `zc` shows and reads, without its sockets.
        .target(
            name: "ToolSupport", dependencies: ["ZCNetWebSocket"], path: "Examples/zc/Support",
            swiftSettings: plain),
        .executableTarget(
            name: "echo-server", dependencies: ["ZCNetWebSocket", "ExampleSupport"],
            path: "Examples/echo-server", exclude: ["README.md"], swiftSettings: plain),
        .executableTarget(
            name: "tcp-echo", dependencies: ["ZCNet", "ExampleSupport"], path: "Examples/tcp-echo",
            exclude: ["README.md"], swiftSettings: plain),
        // What looks inside the library, at what no product shows: the micro-benchmarks and the fuzzer. The other
        // benchmarks and examples are packages of their own, in Benchmarks and Examples.
        .target(name: "SBETwin", path: "Benchmarks/sbe-twin"),
        .target(name: "CGoimReference", path: "Benchmarks/goim-reference"),
        .target(name: "BenchmarkSupport", path: "Benchmarks/support", swiftSettings: strict),
        .executableTarget(
            name: "micro-benchmarks",
            dependencies: [
                "ZCNet", "ZCNetWebSocket", "ZCProto", "BenchmarkSupport", "CGoimReference", "SBETwin",
            ],
            path: "Benchmarks/micro", exclude: ["Schemas"], swiftSettings: strict),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "ZCNet", "ZCNetWebSocket", "ZCNetTesting", "ZCProto", "ZCNATS", "SBECompiler",
                "StoreSimulation",
                .target(name: "ZCNetTLS", condition: .when(traits: ["TLS"])),
                .target(name: "COpenSSL", condition: .when(traits: ["TLS"])),
            ],
            path: "Fuzzing",
            exclude: ["corpus", "Schemas"],
            swiftSettings: strict),

        .target(name: "CProbe", path: "Benchmarks/probe", cSettings: [.define("_GNU_SOURCE")]),
        .testTarget(
            name: "ZCNetTests",
            dependencies: ["ZCNet", "ZCNetTesting", "CZCNet", "CProbe"],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "ZCNetWebSocketTests",
            dependencies: ["ZCNetWebSocket", "ZCNetTesting", "CZCNet", "echo-server", "LinkSimulation"],
            swiftSettings: strict),
        .testTarget(
            name: "ZCNetTLSTests",
            dependencies: [
                "ZCNetTLS", "ZCNet", "ZCNetWebSocket", "ZCNetTesting",
                .target(name: "COpenSSL", condition: .when(traits: ["TLS"])),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ToolSupportTests", dependencies: ["ToolSupport", "ZCNetWebSocket"], swiftSettings: plain),
        .testTarget(
            name: "BenchmarkSupportTests", dependencies: ["BenchmarkSupport"], swiftSettings: plain),
        .target(
            name: "SBEVectors", dependencies: ["ZCSBE"], path: "Tests/SBEVectors", exclude: ["Schemas"],
            swiftSettings: plain),
        // What the programs that play histories have in common.
        .target(name: "HistoryProgram", path: "Tests/HistoryProgram", swiftSettings: strict),
        // The simulated disk and the histories that are played on it, for the tests and for a release build.
        .target(
            name: "StoreSimulation",
            dependencies: ["ZCNet", "ZCNetTesting", "ZCDelivery"],
            path: "Tests/StoreSimulation",
            swiftSettings: strict),
        .executableTarget(
            name: "store-histories", dependencies: ["StoreSimulation", "HistoryProgram"],
            path: "Tests/StoreHistories",
            swiftSettings: strict),
        // Short lives of links, for the tests and for a release build.
        .target(
            name: "LinkSimulation",
            dependencies: ["ZCNet", "ZCNetWebSocket", "ZCNetTesting"],
            path: "Tests/LinkSimulation",
            swiftSettings: strict),
        .executableTarget(
            name: "link-histories", dependencies: ["LinkSimulation", "HistoryProgram"],
            path: "Tests/LinkHistories",
            swiftSettings: strict),
        // Servers of NATS that tests start.
        .target(
            name: "LiveNATS", dependencies: ["ZCNet", "ZCNATS"], path: "Tests/LiveNATS", swiftSettings: strict
        ),
        // Nodes on a simulated engine, and the histories that are played on them.
        .target(
            name: "ClusterSimulation",
            dependencies: ["ZCNet", "ZCNetTesting", "ZCDelivery", "ZCCluster"],
            path: "Tests/ClusterSimulation",
            swiftSettings: strict),
        .executableTarget(
            name: "cluster-histories", dependencies: ["ClusterSimulation", "HistoryProgram"],
            path: "Tests/ClusterHistories",
            swiftSettings: strict),
        // What tests of several modules need.
        .target(
            name: "TestSupport", dependencies: ["ZCNet", "ZCNetWebSocket", "ZCNetTesting"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(
            name: "ZCSBETests",
            dependencies: ["ZCSBE", "ZCSBEServer", "SBEVectors"],
            swiftSettings: strict),
        .testTarget(
            name: "ZCSBEServerTests",
            dependencies: ["ZCSBEServer", "ZCNetTesting", "LinkSimulation", "SBEVectors", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ZCGoimTests", dependencies: ["ZCGoim", "ZCNetTesting", "LinkSimulation", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ZCDeliveryTests",
            dependencies: ["ZCDelivery", "ZCNetTesting", "StoreSimulation", "CZCNet", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ZCNATSTests",
            dependencies: [
                "ZCNATS", "ZCNetTesting", "TestSupport", "LiveNATS",
                .target(name: "ZCNetTLS", condition: .when(traits: ["TLS"])),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ZCClusterTests",
            dependencies: [
                "ZCCluster", "ZCNATS", "ZCNetTesting", "ClusterSimulation", "TestSupport", "LiveNATS",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ZCGoimClusterTests",
            dependencies: [
                "ZCGoimCluster", "ZCNATS", "ZCNetTesting", "ClusterSimulation", "TestSupport", "LiveNATS",
            ],
            swiftSettings: strict),
        .testTarget(name: "ZCProtoTests", dependencies: ["ZCProto"], swiftSettings: strict),
        .testTarget(
            name: "SBECompilerTests", dependencies: ["SBECompiler", "zcsbe", "ZCSBE"],
            exclude: ["Vectors", "Invalid", "Fixtures"], swiftSettings: plain),
    ]
)

// Scripts/test-sanitized leaves out what a sanitizer has nothing to see in, so that it is not built either: what
// touches no memory by hand (the compiler of schemas, and what only tests of programs need), and for threads also
// the codec's tests.
if let sanitizer = Context.environment["ZCNET_SANITIZED"] {
    var unneeded: Set = [
        "SBECompiler", "zcsbe", "SBEPlugin", "SBEGenerate", "SBECompilerTests", "SBETwin", "CGoimReference",
        "BenchmarkSupport", "BenchmarkSupportTests", "micro-benchmarks", "fuzz", "ToolSupport",
        "ToolSupportTests", "store-histories", "link-histories", "cluster-histories", "tcp-echo",
    ]
    if sanitizer == "thread" { unneeded.insert("ZCSBETests") }
    package.targets.removeAll { unneeded.contains($0.name) }
    package.products.removeAll { unneeded.contains($0.name) }

    // Of the other tests, those that read sources or run the compiler, and those whose memory is a model.
    var folders = [
        "ZCNetTests": [
            "House", "Rejections", "Rings/MailboxModelTests.swift", "Rings/RingModelTests.swift",
        ]
    ]
    // Those that have one thread, where nothing else needs them; Scripts/test-sanitized passes over others.
    if sanitizer == "thread" {
        folders["ZCNetTests", default: []].append("System")
        folders["ZCNetWebSocketTests"] = [
            "Compression", "HTTP", "Handshake", "Memory/ContextMemoryTests.swift",
            "Server/RequestFramingTests.swift", "Server/UpgradeRefusalTests.swift",
        ]
        folders["ZCGoimTests"] = ["Codec"]
    }
    for target in package.targets { target.exclude += folders[target.name] ?? [] }
}

// Scripts/lib/product builds programs: no tests, and nothing that only tests use.
if Context.environment["ZCNET_WITHOUT_TESTS"] != nil {
    let unneeded: Set = ["SBEVectors", "TestSupport", "LiveNATS"]
    package.targets.removeAll { $0.type == .test || unneeded.contains($0.name) }
}
