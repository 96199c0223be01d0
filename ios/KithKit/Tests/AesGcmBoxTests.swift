#if canImport(CryptoKit)
  import CryptoKit
  import Testing

  @testable import KithKit

  @Suite struct AesGcmBoxTests {
    @Test func whatIsSealedOpensInItsPlaceAndNowhereElse() throws {
      let box = AesGcmBox(key: SymmetricKey(size: .bits256))
      var sealed = try box.seal([1, 2, 3], at: [9])
      #expect(try box.open(sealed, at: [9]) == [1, 2, 3])
      #expect(throws: (any Error).self) { try box.open(sealed, at: [8]) }
      #expect(throws: (any Error).self) { try box.open([1], at: [9]) }
      sealed[14] ^= 1
      #expect(throws: (any Error).self) { try box.open(sealed, at: [9]) }
    }
  }
#endif
