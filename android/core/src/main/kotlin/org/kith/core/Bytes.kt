package org.kith.core

// The generated types carry bytes as lists of unsigned bytes; platforms want arrays.

internal fun List<UByte>.toBytes(): ByteArray = ByteArray(size) { this[it].toByte() }

/** A view of the array, not a copy: it must not be changed afterwards. */
@OptIn(ExperimentalUnsignedTypes::class)
internal fun ByteArray.asUBytes(): List<UByte> = asUByteArray().asList()
