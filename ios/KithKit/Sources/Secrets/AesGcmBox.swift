#if canImport(CryptoKit)
  import CryptoKit
  import Foundation

  /// AES-256-GCM with the storage key as associated data. Sealed: 12 bytes of nonce, the ciphertext, 16 bytes of tag;
  /// the same bytes as on Android.
  public struct AesGcmBox: SecretBox {
    private let key: SymmetricKey

    public init(key: SymmetricKey) {
      self.key = key
    }

    public func seal(_ value: [UInt8], at place: [UInt8]) throws -> [UInt8] {
      let sealed = try AES.GCM.seal(value, using: key, authenticating: place)
      return Array(sealed.nonce) + Array(sealed.ciphertext) + Array(sealed.tag)
    }

    public func open(_ sealed: [UInt8], at place: [UInt8]) throws -> [UInt8] {
      Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: place))
    }
  }
#endif
