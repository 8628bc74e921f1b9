// swift-tools-version: 6.3
import PackageDescription

// A user of links whose language mode is Swift 5, as that of older packages is.
let package = Package(
    name: "link-user",
    dependencies: [.package(name: "ZCNet", path: "../../..")],
    targets: [
        .executableTarget(
            name: "link-user",
            dependencies: [.product(name: "ZCNetWebSocket", package: "ZCNet")],
            swiftSettings: [.swiftLanguageMode(.v5)])
    ]
)
