import Analysis
import Cataloging
import Diagnostics
import Domain

/// The result of a leak search as a document and as lines for people.
struct LeakSummary {
  let options: LeaksStep.Options

  func document(
    _ leaks: [LeakRecord], _ ground: LeakGround, classMeans: JSONValue, isExact: Bool,
    recall: MeasuredRecall?
  ) -> JSONValue {
    let certain = leaks.filter { $0.pair.verdict == PairVerdict.quarantine.rawValue }
    let leaking = Set(certain.map(\.pair.removed))
    let doubtful = Set(leaks.map(\.pair.removed)).subtracting(leaking)
    let samples = leaks.filter { $0.prototype == nil }
    let points = ground.samples
    let comparisons = ground.suspects.unit.count * ground.gallery.unit.count
    let same = Set(
      leaks.filter { $0.pair.tier == LeakTier.samePicture.rawValue }.map(\.pair.removed))
    return [
      "suspects": .int(ground.suspects.unit.count), "gallery": .int(ground.gallery.unit.count),
      "galleryPopulation": .string(options.gallery.rawValue), "space": .string(options.space),
      "engine": .string(options.engine), "isExact": .bool(isExact),
      "recall": JSONValue(recall) { $0.document },
      "recallText": JSONValue(recall) { .string($0.text) },
      "comparisons": .int(comparisons), "pairs": .int(samples.count),
      "leaks": .int(leaking.count), "samePicture": .int(same.count),
      "toReview": .int(doubtful.count), "review": points.review.document,
      "reviewText": .string(points.review.text(asked: options.review)),
      "asked": options.asked, "threshold": points.decide.document,
      "thresholdText": .string(points.decide.text(asked: options.threshold)),
      "verdicts": points.document(
        asked: (options.threshold, options.review), images: (leaking.count, doubtful.count)),
      "expectedFalsePairs": expected(points.decide, comparisons),
      "prototypes": prototypes(certain, leaks, ground), "mirrored": mirrored(certain, ground),
      "classMeans": classMeans, "leftOut": .array(ground.leftOut.map { .int(Int($0)) }),
    ]
  }

  private func expected(_ point: OperatingPoint, _ comparisons: Int) -> JSONValue {
    JSONValue(point.falseMatchRate) { .double($0 * Double(comparisons)) }
  }

  private func prototypes(
    _ certain: [LeakRecord], _ leaks: [LeakRecord], _ ground: LeakGround
  ) -> JSONValue {
    guard options.usesPrototypes else { return .null }
    let byPrototype = Set(certain.filter { $0.prototype != nil }.map(\.pair.removed))
    let bySample = Set(certain.filter { $0.prototype == nil }.map(\.pair.removed))
    let comparisons = ground.suspects.unit.count * ground.prototypes.count
    return [
      "count": .int(ground.prototypes.count), "identities": .int(ground.prototypes.identities),
      "mostPerIdentity": .int(ground.prototypes.entries.map(\.of).max() ?? 0),
      "coversAtLeast": JSONValue(ground.coversAtLeast.value),
      "comparisons": .int(comparisons), "impostorScores": .int(ground.prototypeScores),
      "pairs": .int(leaks.count { $0.prototype != nil }), "leaks": .int(byPrototype.count),
      "onlyByPrototype": .int(byPrototype.subtracting(bySample).count),
      "onlyBySample": .int(bySample.subtracting(byPrototype).count),
      "threshold": JSONValue(ground.prototypePoints) { $0.decide.document },
      "review": JSONValue(ground.prototypePoints) { $0.review.document },
      "thresholdText": JSONValue(ground.prototypePoints) { .string($0.decide.text) },
      "expectedFalsePairs": ground.prototypePoints.map { expected($0.decide, comparisons) }
        ?? .null,
    ]
  }

  private func mirrored(_ certain: [LeakRecord], _ ground: LeakGround) -> JSONValue {
    let byOrientation = Dictionary(grouping: certain, by: \.orientation)
    func images(_ orientation: LeakOrientation) -> Set<Int64> {
      Set((byOrientation[orientation.rawValue] ?? []).map(\.pair.removed))
    }
    let upright = images(.asIs).union(images(.both))
    return [
      "compared": .int(ground.suspects.locations.count - ground.notMirrored),
      "notCompared": .int(ground.notMirrored),
      "leaksOnlyMirrored": .int(images(.mirrored).subtracting(upright).count),
    ]
  }
}

extension LeakSummary {
  func lines(_ summary: JSONValue) -> [String] {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    var lines = [
      """
      \(count("suspects")) images against \(count("gallery")) of the \
      \(options.gallery.rawValue) gallery: \(count("comparisons")) comparisons
      """,
      "reject: \(summary["thresholdText"]?.stringValue ?? "")\(chance(summary))",
      "\(count("leaks")) images leak (\(count("samePicture")) show the same picture)",
      """
      quarantine for review: \(count("toReview")) more images, \
      \(summary["reviewText"]?.stringValue ?? "")
      """,
    ]
    if let recall = summary["recallText"]?.stringValue {
      lines.append("\(options.engine): \(recall)")
    }
    lines += prototypeLines(summary["prototypes"] ?? .null)
    lines.append(mirroredLine(summary["mirrored"] ?? .null))
    lines += meansLines(summary["classMeans"] ?? .null)
    return lines + EmbeddedImages.leftOutLines(summary, space: options.space)
  }

  private func chance(_ summary: JSONValue) -> String {
    summary["expectedFalsePairs"]?.doubleValue
      .map { ", at most \(HumanNumbers.decimal($0, 1)) pairs expected by chance" } ?? ""
  }

  private func prototypeLines(_ summary: JSONValue) -> [String] {
    guard !summary.isNull else { return [] }
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    guard summary["count"]?.intValue ?? 0 > 0 else {
      return ["prototypes: none, as no identity of the gallery has two images that go together"]
    }
    guard let text = summary["thresholdText"]?.stringValue else {
      return ["prototypes: not compared, the gallery is too small to find a threshold"]
    }
    return [
      """
      prototypes: \(count("count")) of \(count("identities")) identities, reject: \(text)\
      \(chance(summary)): \(count("leaks")) images, \(count("onlyByPrototype")) of them by no \
      single image
      """
    ]
  }

  private func mirroredLine(_ summary: JSONValue) -> String {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    guard summary["compared"]?.intValue ?? 0 > 0 else {
      return "mirrored: not compared, there are no mirrored vectors of these images"
    }
    let missing = summary["notCompared"]?.intValue ?? 0
    let rest = missing > 0 ? ", \(HumanNumbers.count(missing)) have no mirrored vector" : ""
    return """
      mirrored: \(count("compared")) images compared both ways round\(rest); \
      \(count("leaksOnlyMirrored")) leak only mirrored
      """
  }

  private func meansLines(_ summary: JSONValue) -> [String] {
    guard let found = summary["found"]?.intValue, let all = summary["of"]?.intValue else {
      return ["class means: not measured, the gallery has too few identities"]
    }
    return [
      """
      class means would have found \(HumanNumbers.count(found)) of \(HumanNumbers.count(all)) \
      leaking images: \(summary["thresholdText"]?.stringValue ?? "")
      """
    ]
  }
}
