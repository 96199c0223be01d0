package org.kith.core.handlers

import org.kith.shared.PlatformOperation
import org.kith.shared.PlatformOutput

/** What only the platform can do for a person: clipboard, share sheet. The Android app implements it. */
fun interface PlatformHandler {
    suspend fun handle(operation: PlatformOperation): PlatformOutput
}
