import Foundation
import Reporting
import Testing

/// The tables of a map, read by others.
struct MapTableTests {
  static let python: String? = {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["D2R_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let root = home ?? (environment["HOME"] ?? "/") + "/.local/share/d2r-curate"
    let path = "\(root)/pages/venv/bin/python"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  @Test(
    .enabled(if: python != nil, "needs pyarrow: Scripts/install-pages --tests"),
    arguments: [0, 1, 9, 500])
  func `pyarrow reads the Parquet file as the CSV says`(count: Int) throws {
    var sample = Sample(pointCount: count, identityCount: 12, pairCount: 0, pictures: [:])
    var map = sample.map()
    if count > 3 {
      map.points[1].identity = nil
      map.points[2].path = "Zoë, \"one\"/ß.png"
      map.points[2].isNew = true
      map.points[3].x = .nan
      map.points[0].state = .leak
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(MapParquet.render(map)).write(to: folder.appending(path: "map.parquet"))
    try Data(MapCSV.render(map).utf8).write(to: folder.appending(path: "map.csv"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = ["-B", "-c", Self.comparison, folder.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(said == "\(count) rows agree\n")
  }

  private static let comparison = """
    import csv, math, sys
    import pyarrow.parquet as parquet
    table = parquet.read_table(sys.argv[1] + "/map.parquet")
    types = [str(field.type) for field in table.schema]
    assert types == ["int64", "string", "string", "double", "double", "bool", "string", "string",
                     "bool"], types
    with open(sys.argv[1] + "/map.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = table.to_pydict()
    assert list(columns) == ["image", "population", "identity", "x", "y", "quarantined", "path",
                             "state", "new"]
    assert table.num_rows == len(rows)
    for place, row in enumerate(rows):
        for name, text in row.items():
            value = columns[name][place]
            if name in "xy":
                same = math.isnan(value) if text == "" else abs(value - float(text)) < 1e-6
            elif isinstance(value, bool):
                same = text == str(value).lower()
            else:
                same = text == ("" if value is None else str(value))
            assert same, (place, name, text, value)
    print(len(rows), "rows agree")
    """
}
