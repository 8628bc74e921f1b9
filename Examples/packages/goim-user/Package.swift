// swift-tools-version: 6.3
import PackageDescription

// A user of goim's protocol alone: neither SBE nor the compiler of its schemas is built for it.
let package = Package(
    name: "goim-user",
    dependencies: [.package(name: "ZCNet", path: "../../..")],
    targets: [
        .executableTarget(name: "goim-user", dependencies: [.product(name: "ZCGoim", package: "ZCNet")])
    ]
)
