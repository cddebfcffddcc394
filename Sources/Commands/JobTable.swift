import Arguments
import Service

/// Which verbs may run as jobs of the daemon. Keys, tokens, purging and whatever asks a person are
/// not among them.
enum JobTable {
  static let writers = [
    "index", "calibrate", "dedup", "leaks", "collisions", "delta", "fill", "identities new",
    "audit",
    "run", "certify",
  ]
  static let readers = [
    "delta drift", "pairs", "export lists", "report summary", "report tsne", "report delta",
    "report duplicates", "report leaks", "report quota", "report audit", "report calibration",
  ]

  static let verbs = JobVerbs(
    VerbTable.verbs.map { $0.spec }.compactMap { spec in
      if writers.contains(spec.name) { return JobVerb(spec, writes: true) }
      return readers.contains(spec.name) ? JobVerb(spec, writes: false) : nil
    },
    globals: GlobalOptions.specs.filter { ["--seed", "--threads"].contains($0.name) })
}
