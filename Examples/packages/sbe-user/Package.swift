// swift-tools-version: 6.3
import PackageDescription

// A package as any user's: it names the library and the plugin, and no compiler setting.
let package = Package(
    name: "sbe-user",
    dependencies: [.package(name: "ZCNet", path: "../../..")],
    targets: [
        .executableTarget(
            name: "sbe-user",
            dependencies: [.product(name: "ZCProto", package: "ZCNet")],
            plugins: [.plugin(name: "SBEPlugin", package: "ZCNet")])
    ]
)
