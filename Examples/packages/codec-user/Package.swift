// swift-tools-version: 6.3
import PackageDescription

// A user of the codec alone: neither the library's connections nor zlib are built for it.
let package = Package(
    name: "codec-user",
    dependencies: [.package(name: "ZCNet", path: "../../..")],
    targets: [
        .executableTarget(
            name: "codec-user",
            dependencies: [.product(name: "ZCSBE", package: "ZCNet")],
            plugins: [.plugin(name: "SBEPlugin", package: "ZCNet")])
    ]
)
