import Foundation
import SharedTypes
import Testing

@testable import KithKit

@Suite struct StorageHandlerTests {
  let folder = try! Folder()

  @Test func whatWasWrittenIsReadInTheOrderAsked() async {
    let store = store()
    #expect(await store.handle(write(["a": "1", "b": ""])) == .written)
    #expect(await read(store, "b", "c", "a") == ["", nil, "1"])
  }

  @Test func aBatchDeletesBeforeItPuts() async {
    let store = store()
    _ = await store.handle(write(["a": "1", "b": "2"]))
    _ = await store.handle(.write(puts: [pair("a", "new")], deletes: [key("a"), key("b")]))
    #expect(await read(store, "a", "b") == ["new", nil])
  }

  @Test func aScanIsAscendingByUnsignedBytesWithinThePrefixAfterAndAtMost() async {
    let store = store()
    let keys: [[UInt8]] = [[1], [1, 0], [1, 0x7f], [1, 0xff], [1, 0xff, 0xff], [2]]
    _ = await store.handle(.write(puts: keys.shuffled().map { StoredPair(key: $0, value: []) }, deletes: []))
    func scan(_ prefix: [UInt8], _ after: [UInt8]?, _ limit: UInt32) async -> [[UInt8]]? {
      guard case .pairs(let pairs) = await store.handle(.scan(prefix: prefix, after: after, limit: limit))
      else {
        return nil
      }
      return pairs.map(\.key)
    }
    #expect(await scan([], nil, 100) == keys)
    #expect(await scan([1], nil, 100) == Array(keys[0..<5]))
    #expect(await scan([1], [1, 0], 2) == Array(keys[2..<4]))
    #expect(await scan([1, 0xff], [0], 100) == Array(keys[3..<5]))
    #expect(await scan([1], [2], 100) == [])
    #expect(await scan([0xff, 0xff], nil, 100) == [])
    #expect(await scan([1], nil, 0) == [])
  }

  @Test func anotherHandlerOnTheSameFileSeesWhatWasWritten() async {
    let first = store()
    _ = await first.handle(write(["a": "1", "secret/a": "2"]))
    await first.close()
    #expect(await read(store(), "a", "secret/a") == ["1", "2"])
  }

  @Test func secretsDoNotLieReadableOnTheDiskAndOtherValuesDo() async throws {
    let store = store()
    _ = await store.handle(write(["secret/r/1": "the sealing key", "open": "the open value"]))
    #expect(await read(store, "secret/r/1") == ["the sealing key"])
    let pairs = await store.handle(.scan(prefix: key("secret/"), after: nil, limit: 9))
    #expect(pairs == .pairs([pair("secret/r/1", "the sealing key")]))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    let disk = try names.map { try Data(contentsOf: folder.url.appending(path: $0)) }
    #expect(!disk.contains { $0.range(of: Data("the sealing key".utf8)) != nil })
    #expect(disk.contains { $0.range(of: Data("the open value".utf8)) != nil })
  }

  @Test func secretsSealedUnderAnotherKeyAreAFaultNotBytes() async {
    let first = store()
    _ = await first.handle(write(["secret/a": "1", "b": "2"]))
    await first.close()
    let second = StorageHandler(path: folder.path("kith.db"), secrets: PlainBox(key: 8))
    #expect(await second.handle(.read(keys: [key("secret/a")])) == .failed(.broken))
    #expect(await read(second, "b") == ["2"])
  }

  @Test func aBatchThatDoesNotFitIsNotKeptAtAll() async {
    let store = store(mostPages: 16)
    _ = await store.handle(write(["a": "1"]))
    let large = StoredPair(key: key("c"), value: Array(repeating: 7, count: 100_000))
    #expect(
      await store.handle(.write(puts: [pair("b", "2"), large], deletes: [key("a")])) == .failed(.full))
    #expect(await read(store, "a", "b", "c") == ["1", nil, nil])
    #expect(await store.handle(write(["d": "3"])) == .written)
  }

  @Test func theSecondToOpenTheFileIsToldThatItIsNotTheOwner() async {
    let first = store()
    _ = await first.handle(write(["a": "1"]))
    #expect(await store().handle(write(["a": "2"])) == .failed(.notOwner))
    #expect(await read(first, "a") == ["1"])
  }

  @Test func aFolderThatIsMissingAndAFileThatIsNoDatabaseAreFaults() async throws {
    let missing = StorageHandler(path: folder.path("missing/kith.db"), secrets: PlainBox(key: 7))
    #expect(await missing.handle(write(["a": "1"])) == .failed(.refused))
    let other = String(repeating: "something else entirely ", count: 20)
    try other.write(toFile: folder.path("kith.db"), atomically: true, encoding: .utf8)
    #expect(await store().handle(write(["a": "1"])) == .failed(.broken))
  }

  private func store(mostPages: Int? = nil) -> StorageHandler {
    StorageHandler(path: folder.path("kith.db"), secrets: PlainBox(key: 7), mostPages: mostPages)
  }

  private func read(_ store: StorageHandler, _ keys: String...) async -> [String?]? {
    guard case .values(let values) = await store.handle(.read(keys: keys.map(key))) else { return nil }
    return values.map { $0.value.map { String(decoding: $0, as: UTF8.self) } }
  }

  private func write(_ pairs: [String: String]) -> StorageOperation {
    .write(puts: pairs.map { pair($0.key, $0.value) }, deletes: [])
  }

  private func pair(_ key: String, _ value: String) -> StoredPair {
    StoredPair(key: Array(key.utf8), value: Array(value.utf8))
  }

  private func key(_ text: String) -> [UInt8] { Array(text.utf8) }
}
