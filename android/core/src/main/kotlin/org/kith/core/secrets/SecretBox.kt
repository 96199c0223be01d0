package org.kith.core.secrets

import java.security.GeneralSecurityException

/** Seals what must not lie readable on the disk, under a key of the platform's. */
interface SecretBox {
    /** @param place where it will lie; a sealed value opens only there. */
    fun seal(place: ByteArray, value: ByteArray): ByteArray

    /** @throws GeneralSecurityException when it was changed, moved, or sealed under another key. */
    @Throws(GeneralSecurityException::class)
    fun open(place: ByteArray, sealed: ByteArray): ByteArray
}
