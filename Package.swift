// swift-tools-version: 6.2
import PackageDescription

// The manifest is the architecture diagram: a target imports only from the rows below its own,
// and the middle row's targets never import one another. `LayeringTests` enforces it.

#if compiler(>=6.3)
  let warnings = WarningLevel.error
#else
  // Swift 6.2 holds `Span.bytes` to be safe, and warns of the `unsafe` that 6.3 asks for there.
  let warnings = WarningLevel.warning
#endif

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: warnings),
]

func swift(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: settings)
}

// MARK: C: one door per library

let doors: [Target] = [
  .systemLibrary(name: "COpenBLAS", path: "Sources/C/COpenBLAS"),
  .systemLibrary(name: "CFFTW", path: "Sources/C/CFFTW"),
  .systemLibrary(name: "CSQLite", path: "Sources/C/CSQLite"),
  .systemLibrary(name: "CPNG", path: "Sources/C/CPNG"),
  .systemLibrary(name: "CTurboJPEG", path: "Sources/C/CTurboJPEG"),
  .systemLibrary(name: "CWebP", path: "Sources/C/CWebP"),
  .systemLibrary(name: "CSodium", path: "Sources/C/CSodium"),
  .target(
    name: "COnnxRuntime", path: "Sources/C/COnnxRuntime",
    linkerSettings: [.linkedLibrary("dl")]),
  .target(name: "CSpawn", path: "Sources/C/CSpawn"),
  .target(
    name: "CPageFiles", path: "Sources/C/CPageFiles",
    cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
  .target(
    name: "CCurlShim", path: "Sources/C/CCurlShim", linkerSettings: [.linkedLibrary("curl")]),
  .systemLibrary(name: "CZlib", path: "Sources/C/CZlib"),
  .target(
    name: "CMicroHTTPDShim", path: "Sources/C/CMicroHTTPDShim",
    linkerSettings: [.linkedLibrary("microhttpd")]),
  .target(
    name: "CVectorKernels", path: "Sources/C/CVectorKernels",
    cSettings: [.unsafeFlags(["-O3"])], linkerSettings: [.linkedLibrary("m")]),
  .target(
    name: "CRowKernels", path: "Sources/C/CRowKernels", cSettings: [.unsafeFlags(["-O3"])]),
  .target(
    name: "CMapKernels", path: "Sources/C/CMapKernels", cSettings: [.unsafeFlags(["-O3"])]),
  .target(
    name: "CFaissShim", path: "Sources/C/CFaissShim",
    cxxSettings: [.unsafeFlags(["-O2"])],
    linkerSettings: ["faiss", "openblas", "gomp", "stdc++", "m"].map { .linkedLibrary($0) }),
]

// MARK: ground: the nouns and the protocols; imports nothing of ours

let ground = [swift("Domain")]

// MARK: foundation: no word of faces in here, except pictures

let foundation = [
  swift("LinearAlgebra", ["Domain", "COpenBLAS", "CFFTW", "CRowKernels"]),
  swift("SQLite", ["Domain", "CSQLite"]),
  .target(
    name: "Migrations", path: "migrations",
    exclude: ["checksums.txt", "service/checksums.txt"],
    resources: [
      "0001_catalog.sql",
      "0002_leaks.sql",
      "0003_duplicates.sql",
      "0004_calibration.sql",
      "0005_ledger.sql",
      "0006_galleries.sql",
      "0007_economy.sql",
      "service/0001_service.sql",
    ].map { .embedInCode($0) },
    swiftSettings: settings),
  swift("Files", ["Domain"]),
  swift("Cryptography", ["Domain", "CSodium"]),
  swift("Imaging", ["Domain", "CPNG", "CTurboJPEG", "CWebP"]),
  swift("Inference", ["Domain", "COnnxRuntime"]),
  swift("HTTP", ["Domain", "CCurlShim"]),
  swift("HTTPServer", ["Domain", "CMicroHTTPDShim", "CZlib"]),
  swift("Execution", ["Domain", "CSpawn"]),
  swift("Arguments", ["Domain"]),
  swift("Diagnostics", ["Domain"]),
]

// MARK: protocols: what is spoken over the foundation, still without a word of faces

let protocols = [
  swift("OpenInference", ["Domain", "HTTP", "Diagnostics", "LinearAlgebra"])
]

// MARK: middle: pure mathematics beside the adapters, which cannot see each other

let middle = [
  swift("Analysis", ["Domain", "LinearAlgebra", "Execution", "CMapKernels"]),
  swift("Cataloging", ["Domain", "SQLite", "Migrations", "Cryptography", "Execution"]),
  swift("VectorStorage", ["Domain", "Files", "Cryptography"]),
  swift(
    "VectorSearch",
    [
      "Domain", "LinearAlgebra", "Execution", "Files", "Cryptography", "CFaissShim",
      "CVectorKernels",
    ]),
  swift(
    "FaceEncoding",
    ["Domain", "Imaging", "Inference", "OpenInference", "Files", "Cryptography", "Execution"]),
  swift(
    "FaceGeneration",
    [
      "Domain", "Inference", "OpenInference", "LinearAlgebra", "Imaging", "Files", "Cryptography",
      "Execution", "Diagnostics",
    ]),
  swift("Interchange", ["Domain", "LinearAlgebra", "Files", "Imaging"]),
]

// MARK: work: the steps of the job

let work = [
  swift(
    "Curation",
    [
      "Domain", "LinearAlgebra", "Analysis", "Cataloging", "VectorStorage", "Interchange",
      "Imaging", "Files", "Cryptography", "Execution", "Diagnostics",
    ])
]

// MARK: edges: what people look at

let edges: [Target] = [
  .target(
    name: "Reporting", dependencies: ["Domain", "Imaging", "LinearAlgebra"],
    resources: [
      "page.css", "page.js", "map-model.js", "map.js", "map-plotly.js", "quota.css", "review.css",
      "review.js",
    ].map { .embedInCode("Page/\($0)") },
    swiftSettings: settings),
  .target(
    name: "Service",
    dependencies: [
      "Domain", "Arguments", "HTTPServer", "HTTP", "SQLite", "Migrations", "Files", "Cryptography",
      "Execution", "Diagnostics", "Analysis", "Cataloging", "VectorSearch", "Curation",
      "CPageFiles",
    ],
    exclude: ["Page", "API/openapi.json"],
    swiftSettings: settings),
]

// MARK: root and tool: the command line

let root: [Target] = [
  swift(
    "Commands",
    [
      "Domain", "Arguments", "Diagnostics", "Execution", "Files", "Cryptography", "Imaging",
      "Inference", "HTTP", "OpenInference", "LinearAlgebra", "Analysis", "Cataloging",
      "VectorStorage", "VectorSearch",
      "FaceEncoding", "FaceGeneration", "Interchange", "Curation", "Reporting", "Service",
      "HTTPServer",
    ]),
  .executableTarget(
    name: "d2r-curate", dependencies: ["Commands", "Execution", "LinearAlgebra"],
    swiftSettings: settings),
]

// MARK: tests mirror the sources

let suites = [
  tests(of: "Domain"),
  tests(of: "LinearAlgebra", ["Domain"]),
  tests(of: "SQLite", ["Domain"]),
  tests(of: "Files", ["Domain"]),
  tests(of: "Cryptography", ["Domain"]),
  tests(of: "Imaging", ["Domain"]),
  tests(of: "Inference", ["Domain"]),
  tests(of: "HTTP", ["Domain"]),
  tests(of: "HTTPServer", ["Domain", "Files"]),
  tests(of: "OpenInference", ["Domain", "HTTP"]),
  tests(of: "Execution"),
  tests(of: "Arguments", ["Domain"]),
  tests(of: "Diagnostics", ["Domain"]),
  tests(of: "Analysis", ["Domain", "LinearAlgebra", "VectorSearch"]),
  tests(of: "Cataloging", ["Domain", "SQLite", "Migrations", "Cryptography"]),
  tests(of: "VectorStorage", ["Domain", "Files", "Cryptography"]),
  tests(of: "VectorSearch", ["Domain", "LinearAlgebra"]),
  tests(of: "FaceEncoding", ["Domain", "Imaging", "Inference", "Files", "Cryptography"]),
  tests(
    of: "FaceGeneration",
    [
      "Domain", "HTTP", "Inference", "OpenInference", "Imaging", "Execution", "Files",
      "Interchange",
    ],
    exclude: ["Programs"]),
  tests(of: "Interchange", ["Domain", "Files"]),
  tests(of: "Reporting", ["Domain", "Imaging"], exclude: ["Snapshots", "Programs"]),
  tests(
    of: "Curation",
    [
      "Domain", "Files", "Cryptography", "Imaging", "Diagnostics", "LinearAlgebra", "Analysis",
      "Cataloging", "VectorStorage", "VectorSearch",
    ]),
  tests(
    of: "Service",
    [
      "Domain", "Arguments", "SQLite", "Migrations", "Files", "Cryptography", "Diagnostics", "HTTP",
      "HTTPServer", "Execution", "Cataloging", "VectorStorage", "Curation",
    ], exclude: ["Programs"]),
  tests(
    of: "Commands", ["Domain", "Imaging", "Files", "SQLite"], exclude: ["Programs"]),
]

let package = Package(
  name: "d2r-curate",
  products: [.executable(name: "d2r-curate", targets: ["d2r-curate"])],
  targets: doors + ground + foundation + protocols + middle + work + edges + root + suites,
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
