//! A shell for tests: answers every effect at once, from a map, a counter and a clock that the test moves.

use crux_core::{Core, Request};
use crux_http::{
    HttpError,
    protocol::{HttpResponse, HttpResult},
};
use crux_time::{TimeRequest, TimeResponse, protocol::Instant};
use shared::{
    Action, Effect, Event, FieldValue, Kith, Launch, Ownership, Platform, Route, ViewModel,
    effects::{
        EntropyOutput, PlatformOperation, PlatformOutput, SocketOperation, SocketOutput, StorageFault,
        StorageOperation, StorageOutput, StoredPair, StoredValue,
    },
    view::{BlockView, ButtonView, RowView},
};
use std::{
    collections::{BTreeMap, VecDeque},
    time::{SystemTime, UNIX_EPOCH},
};

/// Sunday 22 November 2026, 20:00 UTC.
pub const EVENING: u64 = 1_795_377_600_000;

pub struct Shell {
    core: Core<Kith>,
    pub disk: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What every write is answered with, when it cannot be done.
    pub fault: Option<StorageFault>,
    /// What a host answers to a request for this path, where there is reception.
    pub host: Option<fn(&str) -> Vec<u8>>,
    pub now_ms: u64,
    entropy: u64,
    pub asked_platform: Vec<PlatformOperation>,
    /// How often a document was asked for since the app was opened.
    pub documents_read: usize,
    /// Alarms by the time at which they are due.
    alarms: Vec<(u64, Request<TimeRequest>)>,
}

impl Shell {
    pub fn started(launch: Launch) -> Self {
        Self::on(BTreeMap::new(), [Event::Started(launch)])
    }

    /// A core on storage that is there already, told these events before it gets its first answer.
    pub fn on(disk: BTreeMap<Vec<u8>, Vec<u8>>, first: impl IntoIterator<Item = Event>) -> Self {
        let core = Core::new();
        let mut shell = Self {
            core,
            disk,
            fault: None,
            host: None,
            now_ms: EVENING,
            entropy: 0,
            asked_platform: Vec::new(),
            documents_read: 0,
            alarms: Vec::new(),
        };
        let effects = first.into_iter().flat_map(|event| shell.core.process_event(event)).collect();
        shell.answer_all(effects);
        shell
    }

    /// The app closed and opened again.
    pub fn reopened(self) -> Self {
        self.reopened_at("/")
    }

    pub fn reopened_at(self, path: &str) -> Self {
        let mut shell = Self {
            core: Core::new(),
            fault: None,
            asked_platform: Vec::new(),
            documents_read: 0,
            alarms: Vec::new(),
            ..self
        };
        shell.send(Event::Started(Launch { path: path.into(), ..launch() }));
        shell
    }

    pub fn send(&mut self, event: Event) {
        let effects = self.core.process_event(event);
        self.answer_all(effects.into());
    }

    fn answer_all(&mut self, mut effects: VecDeque<Effect>) {
        while let Some(effect) = effects.pop_front() {
            effects.extend(self.answer(effect));
        }
    }

    fn answer(&mut self, effect: Effect) -> Vec<Effect> {
        match effect {
            Effect::Render(_) => Vec::new(),
            Effect::Storage(mut request) => {
                let output = self.store(request.operation.clone());
                self.core.resolve(&mut request, output).unwrap()
            }
            Effect::Entropy(mut request) => {
                self.entropy = self.entropy.wrapping_add(1);
                let bytes = self.entropy.to_be_bytes().repeat(4);
                self.core.resolve(&mut request, EntropyOutput { bytes }).unwrap()
            }
            Effect::Time(mut request) => match request.operation {
                TimeRequest::Now => {
                    let nanos = u32::try_from(self.now_ms % 1000).unwrap() * 1_000_000;
                    let instant = Instant::new(self.now_ms / 1000, nanos);
                    self.core.resolve(&mut request, TimeResponse::Now { instant }).unwrap()
                }
                // Alarms ring when the test lets time pass.
                TimeRequest::NotifyAt { instant, .. } => {
                    let due = SystemTime::from(instant).duration_since(UNIX_EPOCH).unwrap().as_millis();
                    self.alarms.push((due.try_into().unwrap(), request));
                    Vec::new()
                }
                _ => Vec::new(),
            },
            Effect::Http(mut request) => {
                let path = request.operation.url.splitn(4, '/').last().map(|path| format!("/{path}"));
                let result = match self.host.zip(path) {
                    Some((host, path)) => HttpResult::Ok(HttpResponse::ok().body(host(&path)).build()),
                    None => HttpResult::Err(HttpError::Io("no reception".into())),
                };
                self.core.resolve(&mut request, result).unwrap()
            }
            Effect::Socket(mut request) => match request.operation {
                SocketOperation::Open { .. } => {
                    self.core.resolve(&mut request, SocketOutput::Closed).unwrap()
                }
                _ => Vec::new(),
            },
            Effect::Platform(mut request) => {
                self.asked_platform.push(request.operation.clone());
                self.core.resolve(&mut request, PlatformOutput::Happened).unwrap()
            }
        }
    }

    fn store(&mut self, operation: StorageOperation) -> StorageOutput {
        match operation {
            StorageOperation::Write { puts, deletes } => {
                if let Some(fault) = self.fault {
                    return StorageOutput::Failed(fault);
                }
                for key in deletes {
                    self.disk.remove(&key);
                }
                self.disk.extend(puts.into_iter().map(|pair| (pair.key, pair.value)));
                StorageOutput::Written
            }
            StorageOperation::Read { keys } => {
                let document = |key: &&Vec<u8>| key.windows(6).any(|part| part == b"/snap/");
                self.documents_read += keys.iter().filter(document).count();
                let value = |key| StoredValue { value: self.disk.get(key).cloned() };
                StorageOutput::Values(keys.iter().map(value).collect())
            }
            StorageOperation::Scan { prefix, after, limit } => StorageOutput::Pairs(
                self.disk
                    .range(prefix.clone()..)
                    .take_while(|(key, _)| key.starts_with(&prefix))
                    .filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after))
                    .take(limit as usize)
                    .map(|(key, value)| StoredPair { key: key.clone(), value: value.clone() })
                    .collect(),
            ),
        }
    }

    /// Lets time pass and the alarms ring that are due then.
    pub fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        let now_ms = self.now_ms;
        for (_, mut request) in self.alarms.extract_if(.., |(due, _)| *due <= now_ms).collect::<Vec<_>>() {
            let TimeRequest::NotifyAt { id, .. } = request.operation else { continue };
            let effects = self.core.resolve(&mut request, TimeResponse::InstantArrived { id }).unwrap();
            self.answer_all(effects.into());
        }
    }

    pub fn act(&mut self, action: Action) {
        self.send(Event::Do(action));
    }

    pub fn open(&mut self, route: Route) {
        self.act(Action::Open(route));
    }

    pub fn type_in(&mut self, field: &str, text: &str) {
        self.fill(field, FieldValue::Text(text.into()));
    }

    pub fn fill(&mut self, field: &str, value: FieldValue) {
        self.send(Event::FieldChanged { field: field.into(), value });
    }

    pub fn view(&self) -> ViewModel {
        self.core.view()
    }

    /// "Rose", "I am Anna".
    pub fn start_circle(&mut self) {
        self.open(Route::Start);
        self.type_in("person", "Rose");
        self.type_in("name", "Anna");
        self.act(Action::StartCircle);
    }

    /// Every row on the screen, from top to bottom.
    pub fn rows(&self) -> Vec<RowView> {
        let rows = |block| match block {
            BlockView::Section(section) => section.rows,
            _ => Vec::new(),
        };
        self.view().screen.blocks.into_iter().flat_map(rows).collect()
    }

    pub fn titles(&self) -> Vec<String> {
        self.rows().into_iter().map(|row| row.title).collect()
    }

    pub fn buttons(&self) -> Vec<ButtonView> {
        let view = self.view();
        let inside = view.screen.blocks.into_iter().flat_map(|block| match block {
            BlockView::Buttons(buttons) => buttons,
            BlockView::Empty(empty) => empty.actions,
            BlockView::Banner(banner) => banner.actions,
            _ => Vec::new(),
        });
        inside.chain(view.screen.primary).collect()
    }

    pub fn press(&mut self, label: &str) {
        let button = self.buttons().into_iter().find(|button| button.label == label);
        let button = button.unwrap_or_else(|| panic!("no button {label}: {:?}", self.buttons()));
        self.act(button.act);
    }

    pub fn faults(&self) -> Vec<(String, String)> {
        let fields = self.view().screen.blocks.into_iter().flat_map(|block| match block {
            BlockView::Form(form) => form.fields,
            _ => Vec::new(),
        });
        fields.filter(|field| !field.fault.is_empty()).map(|field| (field.id, field.fault)).collect()
    }
}

pub fn launch() -> Launch {
    Launch {
        origin: "https://kith.example".into(),
        path: "/".into(),
        languages: vec!["en-GB".into()],
        zone: "Europe/London".into(),
        platform: Platform::Web,
        ownership: Ownership::Mine,
        persistent: true,
    }
}
