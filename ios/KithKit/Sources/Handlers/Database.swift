import Foundation

#if canImport(SQLite3)
  import SQLite3
#else
  import CSQLite
#endif

/// SQLite as an ordered map of bytes: BLOB keys compare bytewise, which is the order that the core wants.
///
/// For one caller at a time.
final class Database {
  /// A result code of SQLite's, without its extension.
  struct Fault: Error, Equatable {
    let code: Int32
  }

  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// Opens or creates it. Another process that has it open makes this fail with SQLITE_BUSY.
  /// `mostPages` limits its size, in pages of 4 kB.
  init(path: String, mostPages: Int?) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close_v2(opened)
      throw Fault(code: code & 0xff)
    }
    handle = opened
    // synchronous=FULL: durable when the write is answered, also when the power fails.
    try run("PRAGMA locking_mode=EXCLUSIVE")
    try run("PRAGMA journal_mode=WAL")
    try run("PRAGMA synchronous=FULL")
    if let mostPages { try run("PRAGMA max_page_count=\(mostPages)") }
    try run("CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// All of `work` is durable afterwards, or nothing of it happened.
  func transaction(_ work: () throws -> Void) throws {
    try run("BEGIN IMMEDIATE")
    do {
      try work()
      try run("COMMIT")
    } catch {
      // SQLite may have rolled back by itself already (no room), and then refuses to do it again.
      try? run("ROLLBACK")
      throw error
    }
  }

  func put(_ key: [UInt8], _ value: [UInt8]) throws {
    try query("INSERT OR REPLACE INTO pairs (key, value) VALUES (?1, ?2)", blobs: [key, value]) { _ in }
  }

  func delete(_ key: [UInt8]) throws {
    try query("DELETE FROM pairs WHERE key = ?1", blobs: [key]) { _ in }
  }

  func get(_ key: [UInt8]) throws -> [UInt8]? {
    var found: [UInt8]?
    try query("SELECT value FROM pairs WHERE key = ?1", blobs: [key]) { found = $0.blob(0) }
    return found
  }

  /// Pairs of `first <= key < end`, ascending; without the key `first` itself unless `including`.
  func range(
    _ first: [UInt8], including: Bool, end: [UInt8]?, limit: UInt32
  ) throws -> [(key: [UInt8], value: [UInt8])] {
    let lower = including ? ">=" : ">"
    let upper = end == nil ? "" : "AND key < ?2"
    let text = "SELECT key, value FROM pairs WHERE key \(lower) ?1 \(upper) ORDER BY key LIMIT ?3"
    var found: [(key: [UInt8], value: [UInt8])] = []
    try query(text, blobs: [first, end].compactMap { $0 }, limit: limit) { row in
      found.append((row.blob(0), row.blob(1)))
    }
    return found
  }

  private func query(_ text: String, blobs: [[UInt8]], limit: UInt32? = nil, row: (Row) -> Void) throws {
    let statement = try prepared(text)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, blob) in blobs.enumerated() {
      // A null pointer would bind NULL, and an empty array has no other.
      let code =
        blob.isEmpty
        ? sqlite3_bind_zeroblob(statement, Int32(index + 1), 0)
        : sqlite3_bind_blob64(statement, Int32(index + 1), blob, UInt64(blob.count), Self.copied)
      guard code == SQLITE_OK else { throw Fault(code: code & 0xff) }
    }
    if let limit { sqlite3_bind_int64(statement, 3, Int64(limit)) }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw Fault(code: code & 0xff) }
      row(Row(statement: statement))
    }
  }

  private func prepared(_ text: String) throws -> OpaquePointer {
    if let known = statements[text] { return known }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, text, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw Fault(code: code & 0xff) }
    statements[text] = statement
    return statement
  }

  private func run(_ text: String) throws {
    let code = sqlite3_exec(handle, text, nil, nil, nil)
    guard code == SQLITE_OK else { throw Fault(code: code & 0xff) }
  }

  /// SQLITE_TRANSIENT, a macro that Swift does not see: SQLite copies what it is given.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  struct Row {
    fileprivate let statement: OpaquePointer

    func blob(_ column: Int32) -> [UInt8] {
      guard let start = sqlite3_column_blob(statement, column) else { return [] }
      let length = Int(sqlite3_column_bytes(statement, column))
      return Array(UnsafeRawBufferPointer(start: start, count: length))
    }
  }
}
