//! The store in a PostgreSQL database, for several nodes. Nodes hear of each other's writes by NOTIFY; what they
//! hear is a hint, the tables are the truth.

mod news;
mod store;

pub use store::PostgresStore;
