import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import Files
import Imaging
import Reporting

/// Makes the contact sheets of the identities most worth looking at.
struct IdentitySheetMaker {
  /// Frames of each kind on a sheet.
  static let neighbours = 3
  static let accepted = 12
  static let rejected = 8
  /// Of them, frames of leaks, which are all empty.
  static let leaks = 3
  /// Longest side of a picture, in pixels.
  static let side = 96

  let reading: ReportReading
  let attempts: [Int64: [AttemptRecord]]
  let portraits: IdentityPortraits?
  let kept: KeptRejections
  /// Cosine from which on a candidate leaks; nil where there was no gallery.
  let leakFloor: Float?
  private let images: [Int64: ImageRecord]
  private let thumbnails: ThumbnailMaker

  init(
    reading: ReportReading, attempts: [Int64: [AttemptRecord]], portraits: IdentityPortraits?,
    kept: KeptRejections, leakFloor: Float?
  ) {
    self.reading = reading
    self.attempts = attempts
    self.portraits = portraits
    self.kept = kept
    self.leakFloor = leakFloor
    images = Dictionary(uniqueKeysWithValues: reading.images.map { ($0.id, $0) })
    var thumbnails = reading.thumbnails
    thumbnails.side = Self.side
    self.thumbnails = thumbnails
  }

  /// Sheets of those most short, then of those with most rejections.
  func sheets(_ quotas: [(QuotaRecord, QuotaRow)], limit: Int) -> [IdentitySheet] {
    let rejections = attempts.mapValues { own in own.count { $0.outcome == .rejected } }
    let order = quotas.indices.sorted { a, b in
      let (one, two) = (quotas[a].0, quotas[b].0)
      let left = (one.shortfall, rejections[one.identity] ?? 0, one.attempts)
      let right = (two.shortfall, rejections[two.identity] ?? 0, two.attempts)
      return left == right ? a < b : left > right
    }
    return order.prefix(limit).map { sheet(quotas[$0].0.identity, quotas[$0].1) }
  }

  private func sheet(_ identity: Int64, _ quota: QuotaRow) -> IdentitySheet {
    let own = attempts[identity] ?? []
    let parts = [quota.reason, CandidateGates.explanation(own)].filter { !$0.isEmpty }
    var sheet = IdentitySheet(quota, explanation: parts.joined(separator: "; "))
    if let central = portraits?.central(of: identity) {
      sheet.prototype = [frame(central.id, caption: cosine(central.similarity))]
    }
    let near = portraits?.neighbours(of: identity, count: Self.neighbours) ?? []
    sheet.neighbours = near.map { near in
      let image = portraits?.central(of: near.id)?.id
      let name = image.flatMap { images[$0]?.identityName } ?? "\(near.id)"
      return frame(image, caption: "\(name), \(cosine(near.similarity))")
    }
    let accepted = own.filter { $0.outcome == .accepted }
    sheet.accepted = accepted.prefix(Self.accepted).map {
      frame($0.image, caption: "\($0.number): \(cosine($0.similarities.own))")
    }
    sheet.moreAccepted = accepted.count - sheet.accepted.count
    let rejected = own.filter { $0.outcome == .rejected }
    sheet.rejected = shownFirst(rejected).prefix(Self.rejected).map(frame)
    sheet.moreRejected = rejected.count - sheet.rejected.count
    return sheet
  }

  /// Those with a picture first, then those that were not kept, then a few leaks; otherwise in
  /// order.
  private func shownFirst(_ rejected: [AttemptRecord]) -> [AttemptRecord] {
    let others = rejected.filter { !isLeak($0) }
    return others.filter { path($0) != nil } + others.filter { path($0) == nil }
      + rejected.filter(isLeak).prefix(Self.leaks)
  }

  private func frame(_ image: Int64?, caption: String) -> IdentitySheet.Frame {
    let record = image.flatMap { images[$0] }
    guard let record, !record.population.showsRealPeople, let tile = thumbnails.tile(record) else {
      return IdentitySheet.Frame(nil, caption: caption, instead: "no picture")
    }
    return IdentitySheet.Frame(tile, caption: caption)
  }

  private func frame(_ attempt: AttemptRecord) -> IdentitySheet.Frame {
    let caption = "\(attempt.number): \(attempt.reason)"
    if let path = path(attempt), let tile = thumbnails.tile(file: path, alt: "rejected") {
      return IdentitySheet.Frame(tile, caption: caption)
    }
    let instead = isLeak(attempt) ? "leak, not shown" : "not kept"
    return IdentitySheet.Frame(nil, caption: caption, instead: instead)
  }

  /// Where a rejected candidate's picture is, if it may be shown: `fill` keeps only those that it held
  /// against the gallery and found far from everybody in it.
  private func path(_ attempt: AttemptRecord) -> String? {
    isLeak(attempt) ? nil : kept.path(identity: attempt.identity, number: attempt.number)
  }

  private func isLeak(_ attempt: AttemptRecord) -> Bool {
    if CandidateGates.test(attempt) == .leak { return true }
    guard let leakFloor, let leak = attempt.similarities.leak?.value else { return false }
    return !(leak < leakFloor)
  }

  private func cosine(_ similarity: CosineSimilarity?) -> String {
    similarity.map { HumanNumbers.decimal(Double($0.value), 3) } ?? ""
  }
}
