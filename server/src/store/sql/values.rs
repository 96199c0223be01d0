//! Numbers and bytes as the databases keep them, and back.

use kith_protocol::{DeviceNumber, Party};

use crate::store::StoreError;

pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged("number"))
}

pub(super) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged("number"))
}

pub(super) fn device_of(number: i64) -> Result<DeviceNumber, StoreError> {
    u32::try_from(number).map(DeviceNumber).map_err(|_| StoreError::Damaged("device"))
}

pub(super) fn array<const N: usize>(bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("bytes"))
}

pub(super) fn party_bytes(party: Party) -> Vec<u8> {
    minicbor::to_vec(party).unwrap_or_default()
}
