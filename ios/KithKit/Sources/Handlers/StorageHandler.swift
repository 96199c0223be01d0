import Foundation
import SharedTypes

#if canImport(SQLite3)
  import SQLite3
#else
  import CSQLite
#endif

/// Ordered keys to bytes in one SQLite file; a batch is one transaction. Values under `secret/` are sealed.
public actor StorageHandler {
  private let path: String
  private let secrets: any SecretBox
  private let mostPages: Int?
  private var opened: Database?

  /// `mostPages` limits the file's size, in pages of 4 kB.
  public init(path: String, secrets: any SecretBox, mostPages: Int? = nil) {
    self.path = path
    self.secrets = secrets
    self.mostPages = mostPages
  }

  /// Closes the file; the next operation opens it again.
  public func close() {
    opened = nil
  }

  func handle(_ operation: StorageOperation) -> StorageOutput {
    do {
      return try carryOut(operation, try database())
    } catch let fault as Database.Fault {
      return .failed(Self.fault(fault.code))
    } catch {
      // The sealing key is gone, or somebody changed the file.
      return .failed(.broken)
    }
  }

  /// Opened when first asked, so that a file that cannot be opened is an answer and no crash.
  private func database() throws -> Database {
    if let opened { return opened }
    let database = try Database(path: path, mostPages: mostPages)
    opened = database
    return database
  }

  private nonisolated func carryOut(_ operation: StorageOperation, _ database: Database) throws
    -> StorageOutput
  {
    switch operation {
    case .write(let puts, let deletes):
      try database.transaction {
        for key in deletes { try database.delete(key) }
        for pair in puts {
          let value = isSecret(pair.key) ? try secrets.seal(pair.value, at: pair.key) : pair.value
          try database.put(pair.key, value)
        }
      }
      return .written
    case .read(let keys):
      return .values(
        try keys.map { key in StoredValue(value: try database.get(key).map { try open(key, $0) }) })
    case .scan(let prefix, let after, let limit):
      let start = after.flatMap { $0.lexicographicallyPrecedes(prefix) ? nil : $0 }
      let pairs = try database.range(
        start ?? prefix, including: start == nil, end: Self.successor(prefix), limit: limit)
      return .pairs(try pairs.map { StoredPair(key: $0.key, value: try open($0.key, $0.value)) })
    }
  }

  private nonisolated func open(_ key: [UInt8], _ value: [UInt8]) throws -> [UInt8] {
    isSecret(key) ? try secrets.open(value, at: key) : value
  }

  private nonisolated func isSecret(_ key: [UInt8]) -> Bool {
    key.starts(with: Array("secret/".utf8))
  }

  /// The first key after all that begin with this prefix; nil when there is none.
  private static func successor(_ prefix: [UInt8]) -> [UInt8]? {
    guard let last = prefix.lastIndex(where: { $0 != .max }) else { return nil }
    var next = Array(prefix[...last])
    next[last] += 1
    return next
  }

  private static func fault(_ code: Int32) -> StorageFault {
    switch code {
    case SQLITE_FULL: .full
    case SQLITE_BUSY, SQLITE_LOCKED: .notOwner
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY: .refused
    default: .broken
    }
  }
}
