package org.kith.core.secrets

import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * AES-256-GCM with the storage key as associated data. Sealed: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
 *
 * The nonce is the cipher's own choice, because Android's Keystore insists on that; so a Keystore key fits as
 * well as a [KeyFile]'s.
 */
class AesGcmBox(private val key: SecretKey) : SecretBox {
    override fun seal(place: ByteArray, value: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, key)
        cipher.updateAAD(place)
        return cipher.iv + cipher.doFinal(value)
    }

    override fun open(place: ByteArray, sealed: ByteArray): ByteArray {
        if (sealed.size < NONCE) throw GeneralSecurityException("too short to be sealed")
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, NONCE))
        cipher.updateAAD(place)
        return cipher.doFinal(sealed, NONCE, sealed.size - NONCE)
    }

    private companion object {
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG_BITS = 128
    }
}
