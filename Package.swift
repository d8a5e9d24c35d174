// swift-tools-version: 6.2
// Targets stand in dependency order; each library has its tests beside it at the end.
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "replay",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "ReplayKit", targets: ["ReplayKit"]),
    .executable(name: "replay", targets: ["replay"]),
    .executable(name: "ReplayBench", targets: ["ReplayBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Spelling", swiftSettings: settings),
    .target(
      name: "Workload",
      dependencies: ["CZstd", "CZlib", "Spelling"],
      swiftSettings: settings
    ),
    .target(
      name: "ConfigFiles",
      dependencies: ["Spelling", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings
    ),
    .target(
      name: "Synthesis",
      dependencies: ["ConfigFiles", "Spelling", "Workload"],
      resources: [
        .embedInCode("Recipes/BuiltIn/agentic-coding.yaml"),
        .embedInCode("Recipes/BuiltIn/chat.yaml"),
        .embedInCode("Recipes/BuiltIn/code-completion.yaml"),
        .embedInCode("Recipes/BuiltIn/rag.yaml"),
        .embedInCode("Recipes/BuiltIn/reasoning.yaml"),
        .embedInCode("Recipes/BuiltIn/production-mix.yaml"),
      ],
      swiftSettings: settings
    ),
    .target(
      name: "Hardware",
      dependencies: ["ConfigFiles", "Spelling"],
      resources: [
        // Every file of a folder, under its own name.
        .embedInCode("Catalogue/Anchors"),
        .embedInCode("Catalogue/Chips"),
        .embedInCode("Catalogue/Fabrics"),
        .embedInCode("Catalogue/Models"),
        .embedInCode("Fleets/BuiltIn"),
        .embedInCode("Profiles/BuiltIn"),
      ],
      swiftSettings: settings
    ),
    .target(name: "KVCache", dependencies: ["Workload"], swiftSettings: settings),
    .target(
      name: "Simulation",
      dependencies: ["KVCache", "Workload", "Hardware"],
      // The laws switch on seeded defects, one at a time; a release build has none of them.
      swiftSettings: settings + [.define("SEEDED_DEFECTS", .when(configuration: .debug))]
    ),
    .target(
      name: "Policies",
      dependencies: ["Simulation", "KVCache", "Workload", "Hardware", "Spelling"],
      swiftSettings: settings
    ),
    .target(
      name: "Reporting",
      dependencies: ["Simulation", "Workload", "Hardware"],
      swiftSettings: settings
    ),
    .target(
      name: "Study",
      dependencies: [
        "ConfigFiles", "KVCache", "Policies", "Reporting", "Simulation", "Spelling", "Workload",
        "Hardware",
      ],
      resources: [.embedInCode("Fidelity/Recipes/inferencex-recipes.csv")],
      swiftSettings: settings
    ),
    .target(
      name: "ReplayKit",
      dependencies: [
        "Study", "KVCache", "Policies", "Reporting", "Simulation", "Synthesis", "Workload",
        "Hardware", "ConfigFiles", "Spelling",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(name: "replay", dependencies: ["ReplayKit"], swiftSettings: settings),
    .executableTarget(
      name: "ReplayBench",
      dependencies: [
        "Study", "KVCache", "Policies", "Reporting", "Simulation", "Workload", "Hardware",
        "Spelling",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings
    ),
    .testTarget(name: "SpellingTests", dependencies: ["Spelling"], swiftSettings: settings),
    .testTarget(
      name: "WorkloadTests",
      dependencies: ["Workload", "CZlib"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "KVCacheTests",
      dependencies: ["KVCache", "Workload"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "SynthesisTests",
      dependencies: ["Synthesis", "Workload", "ConfigFiles"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "HardwareTests",
      dependencies: ["Hardware", "ConfigFiles"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Simulation", "KVCache", "Policies", "Reporting", "Workload", "Hardware"],
      exclude: ["Golden"],
      swiftSettings: settings + [.define("SEEDED_DEFECTS", .when(configuration: .debug))]
    ),
    .testTarget(
      name: "PoliciesTests",
      dependencies: ["Policies", "KVCache", "Simulation", "Workload", "Hardware"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting", "Simulation", "Workload", "Hardware",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "StudyTests",
      dependencies: ["Study", "Policies", "Reporting", "Simulation", "Workload", "Hardware"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "ReplayKitTests",
      dependencies: ["ReplayKit", "Study", "Policies", "Reporting", "Simulation", "Workload"],
      swiftSettings: settings
    ),
  ],
  swiftLanguageModes: [.v6]
)
