package org.kith.core

import org.kith.core.handlers.EntropyHandler
import org.kith.core.handlers.HttpHandler
import org.kith.core.handlers.PlatformHandler
import org.kith.core.handlers.SocketHandler
import org.kith.core.handlers.StorageHandler
import org.kith.core.handlers.TimeHandler

/** Who carries out which effect. */
class Handlers(
    val storage: StorageHandler,
    val platform: PlatformHandler,
    val entropy: EntropyHandler = EntropyHandler(),
    val time: TimeHandler = TimeHandler(),
    val http: HttpHandler = HttpHandler(),
    val socket: SocketHandler = SocketHandler(),
)
