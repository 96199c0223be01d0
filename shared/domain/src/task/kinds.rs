//! The kinds of tasks.

/// A kind of task.
#[derive(Debug, PartialEq, Eq)]
pub struct TaskKind {
    /// Stored; never changes.
    pub code: &'static str,
    /// Name of the icon in Lucide.
    pub icon: &'static str,
}

const KINDS: &[TaskKind] = &[
    TaskKind { code: "practical", icon: "shopping-basket" },
    TaskKind { code: "meal", icon: "soup" },
    TaskKind { code: "transport", icon: "car" },
    TaskKind { code: "company", icon: "armchair" },
    TaskKind { code: "respite", icon: "bed" },
    TaskKind { code: "personal", icon: "hand-heart" },
    TaskKind { code: "medical", icon: "briefcase-medical" },
    TaskKind { code: "admin", icon: "file-text" },
    TaskKind { code: "other", icon: "circle-help" },
];

/// Every kind, in the order in which they are offered.
pub fn task_kinds() -> &'static [TaskKind] {
    KINDS
}

/// The kind with this code; none for one of a newer version.
pub fn task_kind(code: &str) -> Option<&'static TaskKind> {
    KINDS.iter().find(|kind| kind.code == code)
}

impl TaskKind {
    /// Text key of its name: `task-meal`.
    pub fn label_key(&self) -> String {
        format!("task-{}", self.code)
    }
}
