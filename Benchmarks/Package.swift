// swift-tools-version: 6.3
import PackageDescription

// The benchmarks that need no more of the library than any user sees. `micro-benchmarks`, which measures
// parts that no product shows, is a target of the root package for that reason.

/// Kept as in the root's manifest.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
]
let plain: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let traits: Set<Package.Dependency.Trait> = [
    .trait(name: "Deflate", condition: .when(traits: ["Deflate"])),
    .trait(name: "TLS", condition: .when(traits: ["TLS"])),
]

func library(_ name: String) -> Target.Dependency { .product(name: name, package: "ZCNet") }

let package = Package(
    name: "ZCNetBenchmarks",
    traits: [
        .default(enabledTraits: ["Deflate"]),
        .trait(name: "Deflate", description: "Compression of WebSocket messages."),
        .trait(name: "TLS", description: "What is counted and measured over TLS."),
    ],
    dependencies: [
        .package(name: "ZCNet", path: "..", traits: traits),
        .package(name: "ZCNetExamples", path: "../Examples", traits: traits),
    ],
    targets: [
        .target(name: "BenchmarkSupport", path: "support", swiftSettings: strict),
        .executableTarget(
            name: "plot", dependencies: ["BenchmarkSupport"], path: "plot", swiftSettings: strict),

        // Who reads what a room's members are sent.
        .target(name: "CRoomReaders", path: "room-readers", cSettings: [.define("_GNU_SOURCE")]),
        .executableTarget(
            name: "room-benchmark",
            dependencies: [
                library("ZCNet"), library("ZCNetWebSocket"), "BenchmarkSupport", "CRoomReaders",
            ],
            path: "rooms", swiftSettings: strict),
        .executableTarget(
            name: "link-group-benchmark",
            dependencies: [library("ZCNet"), library("ZCNetWebSocket"), "BenchmarkSupport"],
            path: "link-groups", swiftSettings: strict),
        .executableTarget(
            name: "sink-server",
            dependencies: [
                library("ZCProto"), .product(name: "ExampleSupport", package: "ZCNetExamples"),
            ],
            path: "sink", swiftSettings: plain),
        // What rooms and files cost, in the clear and over TLS.
        .executableTarget(
            name: "delivery-server",
            dependencies: [
                library("ZCNetWebSocket"), .product(name: "ExampleSupport", package: "ZCNetExamples"),
            ],
            path: "deliveries", swiftSettings: strict),
        .executableTarget(
            name: "trade-benchmark", dependencies: [library("ZCProto"), "BenchmarkSupport"], path: "trades",
            swiftSettings: strict),

        .executableTarget(
            name: "nats-benchmark", dependencies: [library("ZCNATS"), library("ZCNet")], path: "nats",
            swiftSettings: plain),

        // Allocations, reference counting and locks of a loop's thread, counted by what stands in front of
        // them.
        .target(name: "CProbe", path: "probe", cSettings: [.define("_GNU_SOURCE")]),
        .executableTarget(
            name: "count-hot-path",
            dependencies: [
                library("ZCNet"), library("ZCNetWebSocket"), library("ZCProto"), library("ZCNATS"), "CProbe",
                .product(name: "ZCNetTLS", package: "ZCNet", condition: .when(traits: ["TLS"])),
            ],
            path: "counting", swiftSettings: strict),
    ]
)
