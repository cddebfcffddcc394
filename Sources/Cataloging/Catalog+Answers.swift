internal import SQLite

extension Catalog {
  /// Appends a person's answers about pairs to the ledger, as one batch that can be undone together.
  ///
  /// `image` is the one proposed for removal, `other` the one it resembles, and the action says
  /// whether they are the same. *Same* quarantines `image` in the person's name, unless another
  /// person keeps it, which is a conflict. *Different* takes back every quarantine that rested on
  /// the pair and still stands. *Unsure* is recorded and does nothing. The answer a person gave last
  /// again is left out.
  /// - Throws: `CatalogError` with code `unknownRecord`, or `invalidBatch` for what is no answer of a
  ///   person; nothing is then appended.
  public func answer(_ answers: [NewDecision]) throws -> AppendResult {
    try database.transaction {
      let batch = try nextBatch()
      var result = AppendResult()
      for answer in answers { try append(answer: answer, batch: batch, to: &result) }
      return result
    }
  }

  private func append(
    answer: NewDecision, batch: Int64, to result: inout AppendResult
  ) throws {
    guard let other = answer.other, let pair = answer.pair, answer.action != .open,
      answer.isByPerson
    else { throw CatalogError(.invalidBatch, "an answer is a person's word about two images") }
    try database.requireImage(answer.image)
    try database.requireImage(other)
    let given = try standing(of: pair).inForce?.line.decision
    if given?.action == answer.action && given?.author == answer.author {
      result.unchanged.append(answer)
      return
    }
    result.add(try write(answer, batch: batch, undoes: nil), batch: batch)
    switch answer.action {
    case .same: try quarantine(answer, batch: batch, to: &result)
    case .different:
      for image in [answer.image, other] {
        try takeBackWhatRestsOnDifferences(image, batch: batch, by: answer.author, to: &result)
      }
    default: break
    }
  }

  private func quarantine(
    _ answer: NewDecision, batch: Int64, to result: inout AppendResult
  ) throws {
    var decision = answer
    decision.action = .quarantine
    let standing = try standing(of: answer.image)
    guard !standing.isPurged else { return }
    if let line = standing.inForce?.line, line.decision.isByPerson,
      line.decision.author != answer.author, !line.decision.action.putsAside
    {
      result.conflicts.append(DecisionConflict(refused: decision, standing: line))
    } else {
      try append(decision, batch: batch, to: &result)
    }
  }

  private func takeBackWhatRestsOnDifferences(
    _ image: Int64, batch: Int64, by author: String, to result: inout AppendResult
  ) throws {
    while true {
      let standing = try standing(of: image)
      guard let opinion = standing.inForce, opinion.line.decision.action == .quarantine,
        let other = opinion.line.decision.other,
        try self.standing(of: ImagePair(image, other)).inForce?.line.decision.action == .different
      else { return }
      let line = try takeBack(try line(opinion.via), in: standing, batch: batch, by: author)
      result.add(line.sequence, batch: batch)
    }
  }
}
