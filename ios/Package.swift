// swift-tools-version: 6.0
import PackageDescription

// What of the app needs no Apple framework: builds and is tested on Linux too. `cargo xtask codegen` writes Generated.
let package = Package(
  name: "KithKit",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "KithKit", targets: ["KithKit"])],
  targets: [
    .systemLibrary(name: "sharedFFI", path: "Generated/sharedFFI"),
    // Apple's systems have SQLite as a module already.
    .systemLibrary(name: "CSQLite", path: "KithKit/CSQLite"),
    .target(
      name: "Serde", path: "Generated/SharedTypes/Sources/Serde",
      swiftSettings: [.swiftLanguageMode(.v5)]),
    .target(
      name: "SharedTypes", dependencies: ["Serde"], path: "Generated/SharedTypes/Sources/SharedTypes",
      swiftSettings: [.swiftLanguageMode(.v5)]),
    .target(
      name: "KithKit",
      dependencies: [
        "SharedTypes", "sharedFFI", .target(name: "CSQLite", condition: .when(platforms: [.linux])),
      ],
      // The bindings belong to this module: what they throw is visible in it only.
      path: ".",
      exclude: [
        "Generated/SharedTypes", "Generated/sharedFFI", "Generated/Tokens.swift", "KithKit/CSQLite",
        "KithKit/Tests",
      ],
      sources: ["KithKit/Sources", "Generated/Bindings"]),
    .testTarget(name: "KithKitTests", dependencies: ["KithKit"], path: "KithKit/Tests"),
  ]
)
