//! Why bytes are not a change chunk that we read.

/// Rule 1 of the guard: an uncompressed change chunk, checksum right, nothing left over, runs within their limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    #[error("longer than a change may be")]
    TooLong,
    #[error("ends before its content does")]
    Truncated,
    #[error("goes on after its end")]
    LeftOver,
    #[error("not a chunk")]
    Magic,
    #[error("the checksum is wrong")]
    Checksum,
    #[error("a chunk of type {0}, not an uncompressed change")]
    Type(u8),
    #[error("a number is too large or has an overlong form")]
    Number,
    #[error("an actor that has not 16 bytes")]
    Actor,
    #[error("an actor's index that the change does not list")]
    ActorIndex,
    #[error("columns are not in order, or one is of no use on maps")]
    Column,
    #[error("the runs stand for more than {limit} values", limit = super::MAX_RUN_TOTAL)]
    Runs,
    #[error("columns differ in length")]
    ColumnLength,
    #[error("text that is not UTF-8")]
    Text,
    #[error("an action that is not make-map, put or delete")]
    Action,
    #[error("a value of a kind that documents do not hold")]
    Value,
}
