//! For looking at components: hand-made views at `/?gallery=today`, with `&theme=night`, `&text=200`, `&lang=fr`.
//! Compiled only under the feature `gallery`, never shipped.

use crate::page;
use leptos::prelude::*;
use shared::{
    Action, FieldValue, Moment, Route, Theme, ViewModel,
    view::{
        Appearance, BannerView, BarView, BlockView, ButtonView, ChipView, ChipsView, Emphasis, EmptyView,
        FieldKind, FieldView, FormView, MomentPreset, NoticeView, OptionView, PointView, QrView, RowView,
        ScreenKind, ScreenView, SectionView, SharingKind, SharingView, TabView, TagView, TextView, TileView,
        Tone, UndoView, VersionView, VersionsView,
    },
};

fn asked(name: &str) -> Option<String> {
    let query = page::window().location().search().ok()?;
    let query = query.trim_start_matches('?').to_owned();
    query.split('&').find_map(|part| part.strip_prefix(&format!("{name}="))).map(ToOwned::to_owned)
}

pub fn wanted() -> bool {
    asked("gallery").is_some()
}

pub fn show() {
    let name = asked("gallery").unwrap_or_default();
    let view = RwSignal::new(screen(&name));
    // What lies under a sheet comes first.
    if name == "quick" {
        let sheet = view.get_untracked();
        view.set(screen("today"));
        super::mount(view);
        set_timeout(move || view.set(sheet), std::time::Duration::from_millis(50));
    } else {
        super::mount(view);
    }
}

fn screen(name: &str) -> ViewModel {
    let mut view = frame();
    view.path = format!("/{name}");
    let screen = &mut view.screen;
    match name {
        "quick" => {
            screen.kind = ScreenKind::Sheet;
            screen.heading = "What happened?".into();
            screen.back = Some(button("Close", "x", Emphasis::Quiet));
            screen.blocks = vec![
                BlockView::Tiles(vec![
                    tile("droplet", Tone::Teal, "Drink", "200 ml"),
                    tile("utensils", Tone::Teal, "Meal", "about half"),
                    tile("pill", Tone::Amber, "Medicine", "when needed"),
                    tile("activity", Tone::Amber, "Symptom", "0 to 10"),
                    tile("bed", Tone::Teal, "Turned", "left side"),
                    tile("moon", Tone::Teal, "Slept", "how long?"),
                    tile("smile", Tone::Teal, "Mood", "how is Rose?"),
                    tile("heart", Tone::Leaf, "Good moment", "a story"),
                    tile("notebook-pen", Tone::Plain, "Note", "in words"),
                ]),
                BlockView::Buttons(vec![button("All kinds", "", Emphasis::Normal)]),
            ];
        }
        "log" => {
            screen.heading = "Log".into();
            screen.actions = vec![button("Find", "search", Emphasis::Quiet)];
            screen.blocks = vec![
                chips("Filter", false, &["All", "Medicines", "Symptoms", "Good moments"]),
                section(
                    "Today, Sunday 22 November",
                    vec![
                        timed("17:52", "droplet", Tone::Teal, "Drink, 200 ml", "Anna, waiting to be shared"),
                        timed("17:20", "heart", Tone::Leaf, "Laughed at the robin", "Anna"),
                        timed(
                            "15:40",
                            "pill",
                            Tone::Amber,
                            "Morphine 2.5 mg for pain",
                            "Marie, before 7, after 3 at 16:20",
                        ),
                        timed("14:05", "utensils", Tone::Teal, "Soup, about half", "Marie, edited by Anna"),
                        timed(
                            "11:30",
                            "stethoscope",
                            Tone::Plain,
                            "Nurse's visit",
                            "Tom Reed: skin is fine, see Friday",
                        ),
                    ],
                ),
                section("Yesterday", vec![timed("22:10", "moon", Tone::Teal, "Asleep", "Anna")]),
            ];
            view.bar = Some(bar(SharingKind::NoReception, "cloud-off", "No reception, 3 waiting"));
            view.undo = Some(UndoView {
                text: "Kept: drink, 200 ml".into(),
                undo: button("Undo", "", Emphasis::Normal),
                details: Some(button("Add details", "", Emphasis::Normal)),
            });
        }
        "dose" => {
            screen.kind = ScreenKind::Detail;
            screen.heading = "Medicine when needed".into();
            screen.back = Some(button("Back", "arrow-left", Emphasis::Quiet));
            screen.blocks = vec![
                banner(
                    Tone::Amber,
                    "triangle-alert",
                    "Given 2 h 12 min ago",
                    "Marie at 15:40. You decide with the team.",
                ),
                BlockView::Form(form()),
            ];
            screen.primary = Some(button("Keep", "", Emphasis::Primary));
            screen.footnote = Some("We ask for the number after, in 30 minutes".into());
        }
        "tasks" => {
            screen.heading = "Tasks".into();
            let mut drive = row("car", Tone::Amber, "Drive to the hospital", "9:30, back by noon, 6 km");
            drive.tag = Some(TagView { label: "1 needed".into(), tone: Tone::Amber });
            drive.actions =
                vec![button("Take this", "", Emphasis::Primary), button("Can't", "", Emphasis::Normal)];
            let mut supper = row("soup", Tone::Teal, "Supper for two", "18:30, no nuts");
            supper.tag = Some(TagView { label: "Joan".into(), tone: Tone::Teal });
            screen.blocks = vec![
                chips("Which tasks", true, &["Open 4", "Mine 2", "Week", "Done"]),
                section("Tomorrow", vec![drive, supper]),
                section(
                    "This week",
                    vec![
                        row(
                            "sofa",
                            Tone::Teal,
                            "Sit with Rose",
                            "Thursday 14:00 to 17:00, she likes the radio",
                        ),
                        row("shopping-bag", Tone::Teal, "Shopping", "any time before Friday"),
                    ],
                ),
                banner(
                    Tone::Leaf,
                    "hand-heart",
                    "Anna says thank you",
                    "“The soup was the best thing this week.”",
                ),
            ];
        }
        "join" | "welcome" => {
            screen.kind = ScreenKind::Onboarding;
            screen.heading = "Anna asks you to help with Rose's care".into();
            screen.lead = Some("You would join as a helper.".into());
            screen.blocks = vec![
                BlockView::Points(vec![
                    point("check", Tone::Teal, "See what help is needed and take what suits you"),
                    point("check", Tone::Teal, "See who is in the circle, and news from the family"),
                    point(
                        "lock",
                        Tone::Plain,
                        "You won't see the medical log. Nobody outside the circle sees anything, not even who runs this service.",
                    ),
                ]),
                BlockView::Form(FormView {
                    id: "join".into(),
                    fields: vec![field(
                        "name",
                        "Your name",
                        FieldKind::Line { max_length: 40, purpose: "name".into() },
                        FieldValue::Empty,
                    )],
                }),
            ];
            screen.primary = Some(button("Join Rose's circle", "", Emphasis::Primary));
            screen.footnote = Some("No account, no password. You can leave at any time.".into());
            view.bar = None;
            view.tabs.clear();
            view.log_button = None;
        }
        "invite" => {
            screen.kind = ScreenKind::Detail;
            screen.heading = "Invitation for a helper".into();
            screen.back = Some(button("Back", "arrow-left", Emphasis::Quiet));
            screen.blocks = vec![
                BlockView::Text(TextView {
                    text: "Let them scan this, or send the link.".into(),
                    soft: false,
                }),
                BlockView::Qr(QrView {
                    size: 21,
                    modules: (0..441_u32).map(|n| u8::from((n * 7919 + n / 21 * 31) % 5 < 2)).collect(),
                    label: "QR code of the link".into(),
                    text: "https://kith.example/i/3fK2…#9Qb7".into(),
                }),
                BlockView::Buttons(vec![
                    button("Share the link", "share-2", Emphasis::Primary),
                    button("Copy", "copy", Emphasis::Normal),
                    button("Cancel this invitation", "", Emphasis::Danger),
                ]),
                BlockView::Words(["river", "candle", "window", "forest"].map(Into::into).to_vec()),
                BlockView::Versions(VersionsView {
                    title: "Two answers".into(),
                    versions: vec![
                        VersionView {
                            text: "200 ml".into(),
                            by: "Joan, 20 min ago".into(),
                            choose: button("This one", "", Emphasis::Normal),
                        },
                        VersionView {
                            text: "150 ml".into(),
                            by: "Marie, 18 min ago".into(),
                            choose: button("This one", "", Emphasis::Normal),
                        },
                    ],
                }),
            ];
            view.notice = Some(NoticeView {
                tone: Tone::Leaf,
                icon: "check".into(),
                text: "Copied.".into(),
                dismiss: button("Close", "x", Emphasis::Quiet),
            });
        }
        "empty" => {
            screen.heading = "Log".into();
            screen.blocks = vec![BlockView::Empty(EmptyView {
                icon: "notebook-pen".into(),
                title: "Nothing is written yet".into(),
                detail:
                    "What you note here, everyone who cares can read, and the nurse can see what changed."
                        .into(),
                actions: vec![button("Log something", "notebook-pen", Emphasis::Primary)],
            })];
        }
        _ => today(screen),
    }
    view
}

fn today(screen: &mut ScreenView) {
    let mut give = row("pill", Tone::Teal, "Evening medicines", "20:00, 3 of them");
    give.actions = vec![button("Give", "", Emphasis::Normal)];
    give.open = None;
    let mut take = row("car", Tone::Amber, "Hospital, 9:30 tomorrow", "Nobody has this yet");
    take.actions = vec![button("Take this", "", Emphasis::Primary)];
    let mut supper = row("", Tone::Teal, "Supper for two", "Joan brings it at 18:30");
    supper.face = "J".into();
    let mut since = banner(
        Tone::Teal,
        "",
        "Since you last looked",
        "7 entries, 2 doses and 1 question since 13:10. Marie was here until 16:00.",
    );
    if let BlockView::Banner(since) = &mut since {
        since.open = Some(Action::Open(Route::Log));
    }
    let mut morphine = row("pill", Tone::Amber, "Morphine for pain", "Last 15:40 by Marie, 7 down to 3");
    morphine.tag = Some(TagView { label: "again from 19:40".into(), tone: Tone::Amber });
    screen.blocks =
        vec![since, section("Next", vec![give, take, supper]), section("When needed", vec![morphine])];
}

fn form() -> FormView {
    let options = |names: &[&str]| {
        names.iter().map(|name| OptionView { id: (*name).into(), label: (*name).into() }).collect::<Vec<_>>()
    };
    let presets = [("Now, 17:52", Moment::Now), ("15 min ago", Moment::MinutesAgo(15))]
        .map(|(label, moment)| MomentPreset { label: label.into(), moment })
        .to_vec();
    let mut fault = field(
        "how-much",
        "How much",
        FieldKind::Number { unit: "ml".into(), min: 0, max: 5000, step: 50, decimals: 0 },
        FieldValue::Number(200),
    );
    fault.fault = "A number, please: 200 for example.".into();
    FormView {
        id: "dose".into(),
        fields: vec![
            field(
                "medicine",
                "Medicine",
                FieldKind::Medicine {
                    suggestions: vec!["Morphine 2.5 mg".into(), "Paracetamol 500 mg".into()],
                    max_length: 80,
                },
                FieldValue::Text("Morphine 2.5 mg".into()),
            ),
            field(
                "why",
                "What for",
                FieldKind::Choice { options: options(&["Pain", "Breathless", "Other"]) },
                FieldValue::Chosen(vec!["Pain".into()]),
            ),
            field(
                "before",
                "How bad, before?",
                FieldKind::Scale { low: "none".into(), high: "as bad as can be".into() },
                FieldValue::Number(6),
            ),
            field(
                "happened",
                "When",
                FieldKind::Time { presets, earlier: "Earlier".into(), latest: "2026-11-22T17:52".into() },
                FieldValue::Moment(Moment::Now),
            ),
            fault,
            field(
                "where",
                "Where",
                FieldKind::Choices { options: options(&["Chest", "Back", "Left leg"]) },
                FieldValue::Chosen(vec!["Back".into()]),
            ),
            field(
                "who",
                "Who noticed",
                FieldKind::Person {
                    options: options(&["Anna", "Marie"]),
                    somebody_else: "Somebody else".into(),
                    max_length: 60,
                },
                FieldValue::Text("Mr Hill".into()),
            ),
            field("long", "How long", FieldKind::Duration { max_minutes: 1440 }, FieldValue::Number(450)),
            field(
                "due",
                "By when",
                FieldKind::When { earliest: "2026-11-22".into() },
                FieldValue::Moment(Moment::Day("2026-11-24".into())),
            ),
            field(
                "ok",
                "Was it enough?",
                FieldKind::YesNo { yes: "Yes".into(), no: "No".into() },
                FieldValue::Empty,
            ),
            field("note", "Anything else", FieldKind::LongText { max_length: 4000 }, FieldValue::Empty),
        ],
    }
}

fn frame() -> ViewModel {
    let theme = match asked("theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some("night") => Theme::Night,
        _ => Theme::System,
    };
    let text_percent = asked("text").and_then(|text| text.parse().ok()).unwrap_or(100);
    let language = asked("lang").unwrap_or_else(|| "en-GB".into());
    let tab = |icon: &str, label: &str, selected| TabView {
        icon: icon.into(),
        label: label.into(),
        selected,
        open: Action::Back,
    };
    ViewModel {
        appearance: Appearance { theme, text_percent, language },
        bar: Some(bar(SharingKind::AllShared, "cloud-check", "All shared")),
        tabs: vec![
            tab("house", "Today", true),
            tab("notebook-text", "Log", false),
            tab("list-checks", "Tasks", false),
            tab("users", "Circle", false),
        ],
        path: "/".into(),
        can_go_back: false,
        screen: ScreenView {
            kind: ScreenKind::Tab,
            heading: "Good evening, Anna".into(),
            lead: None,
            tag: None,
            back: None,
            actions: vec![],
            blocks: vec![],
            primary: None,
            footnote: None,
        },
        log_button: Some(button("Log", "notebook-pen", Emphasis::Primary)),
        notice: None,
        undo: None,
    }
}

fn bar(kind: SharingKind, icon: &str, text: &str) -> BarView {
    BarView {
        person: "Rose".into(),
        initial: "R".into(),
        switch: button("Circles", "", Emphasis::Quiet),
        sharing: SharingView { kind, icon: icon.into(), text: text.into(), open: None },
        settings: button("Settings", "settings", Emphasis::Quiet),
    }
}

fn button(label: &str, icon: &str, emphasis: Emphasis) -> ButtonView {
    ButtonView { label: label.into(), icon: icon.into(), emphasis, act: Action::Back }
}

fn tile(icon: &str, tone: Tone, title: &str, detail: &str) -> TileView {
    TileView { icon: icon.into(), tone, title: title.into(), detail: detail.into(), act: Action::Back }
}

fn row(icon: &str, tone: Tone, title: &str, detail: &str) -> RowView {
    RowView {
        id: title.replace(' ', "-"),
        icon: icon.into(),
        tone,
        face: String::new(),
        time: None,
        title: title.into(),
        detail: detail.into(),
        tag: None,
        spoken: format!("{title}. {detail}"),
        open: Some(Action::Back),
        actions: vec![],
    }
}

fn timed(time: &str, icon: &str, tone: Tone, title: &str, detail: &str) -> RowView {
    RowView { time: Some(time.into()), ..row(icon, tone, title, detail) }
}

fn section(title: &str, rows: Vec<RowView>) -> BlockView {
    BlockView::Section(SectionView { title: Some(title.into()), rows, more: None })
}

fn banner(tone: Tone, icon: &str, title: &str, detail: &str) -> BlockView {
    BlockView::Banner(BannerView {
        tone,
        icon: icon.into(),
        title: title.into(),
        detail: detail.into(),
        open: None,
        actions: vec![],
    })
}

fn chips(label: &str, joined: bool, names: &[&str]) -> BlockView {
    let chip = |(index, name): (usize, &&str)| ChipView {
        label: (*name).into(),
        selected: index == 0,
        act: Action::Back,
    };
    BlockView::Chips(ChipsView {
        label: label.into(),
        joined,
        chips: names.iter().enumerate().map(chip).collect(),
    })
}

fn point(icon: &str, tone: Tone, text: &str) -> PointView {
    PointView { icon: icon.into(), tone, text: text.into() }
}

fn field(id: &str, label: &str, kind: FieldKind, value: FieldValue) -> FieldView {
    FieldView {
        id: id.into(),
        label: label.into(),
        hint: String::new(),
        fault: String::new(),
        required: false,
        kind,
        value,
    }
}
