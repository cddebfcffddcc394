internal import Cryptography
internal import Synchronization

/// The tokens in force, looked up for every request without waiting for the store.
final class TokenBook: Sendable {
  private struct Entry {
    var digest: [UInt8]
    var caller: Caller
    /// Nil for one that lives as long as the process.
    var id: Int64?
  }

  private let entries = Mutex<[Entry]>([])
  private let used = Mutex<Set<Int64>>([])
  private let own: [Entry]

  /// - Parameter session: a token of this process alone, for the page its starter opens.
  init(session: Token? = nil) {
    own =
      session.map {
        [Entry(digest: $0.digest, caller: Caller(name: "session", role: .admin), id: nil)]
      } ?? []
  }

  /// Takes the tokens as the store has them now.
  func reload(from store: ServiceStore) async throws { replace(with: try await store.tokens()) }

  func replace(with records: [TokenRecord]) {
    let fresh = records.filter { $0.revokedAt == nil }.map {
      Entry(digest: $0.digest, caller: Caller(name: $0.name, role: $0.role), id: $0.id)
    }
    entries.withLock { $0 = fresh }
  }

  /// Whose token it is; nil for an unknown one. Takes the same time whichever it is like.
  func caller(of token: String) -> Caller? {
    let digest = Token.digest(of: token)
    var found: Entry?
    for entry in entries.withLock({ $0 }) + own
    where ConstantTime.isEqual(entry.digest, digest) {
      found = entry
    }
    if let id = found?.id { used.withLock { _ = $0.insert(id) } }
    return found?.caller
  }

  /// The tokens used since the last call.
  func takeUsed() -> Set<Int64> {
    used.withLock { used in
      defer { used = [] }
      return used
    }
  }
}
