import Analysis
import Cryptography
import Curation
import Diagnostics
import Domain
import Reporting

extension SavedMap {
  /// The text of `map.json`.
  static func text(_ map: MapAnswer, coordinates csv: [UInt8]) -> String {
    let document: JSONValue = [
      "format": .int(format), "kind": "map",
      "space": .string(map.space.name), "encoder": .string(map.space.encoderDigest),
      "coordinates": ["file": .string(coordinates), "sha256": .string(SHA256.hex(of: csv))],
      "images": .int(map.report.points.count), "sampledFrom": .int(map.report.sampledFrom),
      "perplexity": .double(map.report.perplexity), "iterations": .int(map.report.iterations),
      "klDivergence": .double(map.report.klDivergence), "seed": .string("\(map.report.seed)"),
      "parameters": map.parameters, "neighbours": JSONValue(map.recall) { $0.document },
      "parametersDigest": .string(SHA256.hex(of: map.parameters.pretty)),
    ]
    return document.pretty + "\n"
  }
}
