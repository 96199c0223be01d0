package org.kith.core

import org.kith.shared.Launch
import org.kith.shared.Ownership
import org.kith.shared.Platform

/** How the tests start the app. */
fun launch(origin: String) = Launch(
    origin = origin,
    path = "/",
    languages = listOf("en-GB"),
    zone = "Europe/London",
    platform = Platform.ANDROID,
    ownership = Ownership.MINE,
    persistent = true,
)
