//! Membership on one phone without reception: what can be wished, what is said first, what is cleared.
//! Two and more phones meet in `tests/tests/membership.rs`.

use crate::{Shell, launch};
use shared::{
    Action, Event, FieldValue, Route,
    view::{BlockView, SharingKind},
};

fn circle() -> Shell {
    let mut shell = Shell::started(launch());
    shell.start_circle();
    shell
}

fn words(shell: &Shell) -> String {
    let said = |block| match block {
        BlockView::Text(text) => text.text,
        BlockView::Points(points) => {
            points.into_iter().map(|point| point.text).collect::<Vec<_>>().join("\n")
        }
        BlockView::Banner(banner) => format!("{}\n{}", banner.title, banner.detail),
        _ => String::new(),
    };
    shell.view().screen.blocks.into_iter().map(said).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_row_of_the_circle_opens_the_person() {
    let mut shell = circle();
    shell.open(Route::Circle);
    let open = shell.rows()[0].open.clone().unwrap();
    assert_eq!(open, Action::Open(Route::Member { member: 1 }));
    shell.act(open);
    let view = shell.view();
    assert_eq!((view.path.as_str(), view.screen.heading.as_str()), ("/circle/member/1", "Anna"));
    assert_eq!(view.screen.lead.as_deref(), Some("Coordinator"));
    let rows: Vec<(String, String)> = shell.rows().into_iter().map(|row| (row.title, row.detail)).collect();
    assert!(rows.contains(&("Started this circle".into(), "From the first day".into())), "{rows:?}");
    assert!(rows.iter().any(|(title, _)| title == "Phone 1"), "{rows:?}");
    assert!(words(&shell).contains("Decide who is in the circle"));
    shell.open(Route::Member { member: 9 });
    assert_eq!(shell.view().screen.heading, "Not here");
}

#[test]
fn the_only_coordinator_can_neither_step_down_nor_leave() {
    let mut shell = circle();
    shell.open(Route::ChangeRole { member: 1 });
    shell.fill("role", FieldValue::Chosen(vec!["helper".into()]));
    assert!(words(&shell).contains("Make somebody else coordinator first"));
    assert_eq!(shell.view().screen.primary, None);
    shell.act(Action::Keep);
    assert_eq!(shell.faults()[0].0, "role");
    shell.open(Route::Leave);
    assert!(words(&shell).contains("There is nobody else in this circle"));
    shell.act(Action::LeaveCircle);
    shell.open(Route::Circle);
    assert_eq!(shell.rows().len(), 1, "nothing waits: {:?}", shell.titles());
}

#[test]
fn a_wish_without_reception_is_shown_and_taken_back() {
    let mut shell = circle();
    shell.open(Route::CircleSettings);
    shell.fill("caregivers", FieldValue::Flag(false));
    shell.act(Action::Keep);
    shell.open(Route::CircleSettings);
    assert!(
        words(&shell).contains("The rules of the circle change\nThis happens as soon as there is reception.")
    );
    let mut shell = shell.reopened_at("/circle");
    shell.press("Take it back");
    assert!(!words(&shell).contains("The rules of the circle change"));
}

#[test]
fn a_group_is_one_to_fifty_people() {
    let mut shell = circle();
    shell.open(Route::Invite);
    shell.fill("uses", FieldValue::Chosen(vec!["family".into()]));
    for count in [0, 51] {
        shell.fill("count", FieldValue::Number(count));
        shell.act(Action::Keep);
        assert_eq!(shell.faults(), [("count".into(), "Please give a number between 1 and 50.".into())]);
    }
    shell.fill("count", FieldValue::Number(50));
    shell.act(Action::Keep);
    assert!(words(&shell).contains("Your wish is kept"));
}

#[test]
fn clearing_says_what_goes_takes_it_all_and_leaves_other_circles() {
    let mut shell = circle();
    shell.act(Action::QuickLog { kind: "drink".into() });
    shell.open(Route::Erase);
    let said = words(&shell);
    assert!(said.contains("Nobody else has this circle"), "{said}");
    assert!(said.contains("things that the others do not have go too"), "{said}");
    let first: Vec<Vec<u8>> = shell.disk.keys().filter(|key| has_replica(key)).cloned().collect();
    shell.open(Route::Start);
    shell.type_in("person", "Walter");
    shell.type_in("name", "Anna");
    shell.act(Action::StartCircle);
    shell.open(Route::Circles);
    let rose = shell.rows().into_iter().find(|row| row.title == "Rose").unwrap();
    shell.act(rose.open.unwrap());
    shell.open(Route::Erase);
    shell.press("Clear from this phone");
    assert!(first.iter().all(|key| !shell.disk.contains_key(key)), "all of it is gone");
    assert_eq!(shell.view().bar.unwrap().person, "Walter");
    let mut shell = shell.reopened();
    shell.open(Route::Circles);
    assert_eq!(shell.titles(), ["Walter"]);
    shell.open(Route::Erase);
    shell.act(Action::EraseCircle);
    assert_eq!(shell.view().path, "/welcome");
    assert_eq!(shell.disk.keys().filter(|key| has_replica(key)).count(), 0);
}

#[test]
fn a_kit_without_reception_waits_and_can_be_taken_back() {
    let mut shell = circle();
    shell.open(Route::Kit);
    shell.press("Make a recovery kit");
    assert!(words(&shell).contains("This needs reception."));
    shell.open(Route::Devices);
    assert!(words(&shell).contains("A recovery kit is made"));
    shell.press("Take it back");
    assert!(!words(&shell).contains("A recovery kit is made"));
    shell.open(Route::Kit);
    assert!(shell.buttons().iter().any(|button| button.label == "Make a recovery kit"));
}

#[test]
fn words_that_are_no_kit_say_which_one_is_wrong() {
    let mut shell = Shell::started(launch());
    shell.press("I have a recovery kit");
    for (typed, said) in [
        ("", "These are not the words of a kit."),
        ("apple banana", "A kit has 18 words; these are 2."),
        (
            "abandon abandon abandon abandon qwertz abandon abandon abandon abandon abandon abandon abandon \
             abandon abandon abandon abandon abandon abandon",
            "Word 5, “qwertz”, is not a word of a kit.",
        ),
    ] {
        shell.type_in("words", typed);
        shell.act(Action::Keep);
        let faults = shell.faults();
        assert!(faults.len() == 1 && faults[0].1.starts_with(said), "{faults:?}");
    }
}

#[test]
fn a_link_of_ones_own_phone_opens_where_invitations_do() {
    let mut shell = Shell::started(launch());
    let secret = kith_protocol::pairing::PairingSecret([7; 16]);
    let link = kith_protocol::pairing::PairingLink {
        host: "kith.example".into(),
        secret,
        circle: kith_protocol::HashPrefix([1; 16]),
        member: kith_protocol::MemberNumber(1),
    };
    shell.press("This is my second phone");
    shell.type_in("link", &link.url());
    shell.act(Action::PasteLink);
    assert_eq!(shell.view().path, "/join");
    assert!(words(&shell).contains("It goes on by itself when there is reception."), "{}", words(&shell));
    shell.send(Event::LinkOpened { link: link.url() });
    shell.open(Route::Circles);
    assert_eq!(shell.titles().len(), 1, "a link opened twice leads to one membership");
}

fn has_replica(key: &[u8]) -> bool {
    key.starts_with(b"r/") || key.starts_with(b"secret/r/")
}

#[test]
fn a_place_that_lies_is_told_in_plain_words_and_nothing_more_is_sent() {
    let mut shell = circle();
    let state = shell.disk.keys().find(|key| key.starts_with(b"r/")).unwrap().clone();
    let id = String::from_utf8(state).unwrap().split('/').nth(1).unwrap().to_owned();
    // What a replica keeps as evidence: stream, place, what was wrong, the bytes that show it.
    let bytes = minicbor::bytes::ByteVec::from(vec![1, 2, 3]);
    let fault = minicbor::to_vec((kith_protocol::Stream::Commons, 3_u64, "chain", bytes)).unwrap();
    shell.disk.insert(format!("r/{id}/fault").into_bytes(), fault);
    let mut shell = shell.reopened();
    let sentence =
        "Something is wrong where this circle is kept. What you wrote is safe here. We stopped sharing.";
    assert!(words(&shell).contains(sentence), "{}", words(&shell));
    let sharing = shell.view().bar.unwrap().sharing;
    assert_eq!(sharing.kind, SharingKind::Stopped);
    shell.act(sharing.open.unwrap());
    assert_eq!(shell.view().path, "/settings/sharing");
    assert!(words(&shell).contains(sentence) && words(&shell).contains("chain"));
    shell.act(Action::QuickLog { kind: "drink".into() });
    shell.open(Route::Log);
    assert_eq!(shell.titles(), ["Drink, 200 ml"], "one goes on writing here");
}
