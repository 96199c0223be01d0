//! Who holds a task: a pure function of its claims, the same on every device (ADR 0053).
//!
//! A claim stands in line at its rank, the place of the op that made it in the stream; own pending claims come last.
//! A claim that accepts an offer takes the rank of the claim that made the offer. The first `slots` hold the task.

use std::collections::{BTreeMap, BTreeSet};

use kith_document::{Item, Origin, Scalar};

use crate::Member;
use crate::lawful::{Author, Law, unsigned};

/// One claim as its owner wrote it. What others wrote into it was ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub id: String,
    pub member: Member,
    /// When it was made.
    pub made: Origin,
    /// When its owner last stood down, or took that back.
    pub ended: Option<(bool, Origin)>,
    /// The offer that it accepts.
    pub accepts: Option<String>,
    /// Offers of this claim's place to others.
    pub offers: Vec<Given>,
}

/// An offer of one's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub id: String,
    pub to: Member,
    pub made: Origin,
    pub withdrawn: Option<Origin>,
}

/// A claim in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InLine {
    /// Index into the claims.
    pub claim: usize,
    pub rank: Origin,
    /// Its place is its own in the stream, not waiting to be shared.
    pub confirmed: bool,
}

/// Reads the claims of a task. Maps in it that are no claims are of newer versions and are left alone.
pub(crate) fn read_claims(law: &Law<'_>, task: &Item) -> Vec<Claim> {
    task.children.values().filter_map(|item| read_claim(law, task, item)).collect()
}

fn read_claim(law: &Law<'_>, task: &Item, item: &Item) -> Option<Claim> {
    let born = item.born?;
    let owner = law.author(&born);
    let path = ["items", task.id.as_str(), item.id.as_str()];
    let own = |writer: &Author, _: &Origin| writer.is(&owner);
    let standing = |field: &str| law.standing(&path, item, field, &own);
    if standing("kind").first()?.value.as_text()? != "claim" {
        return None;
    }
    // Of two own devices that disagree, the later word counts.
    let ended =
        standing("end").into_iter().max_by_key(|version| (version.source.origin, version.source.counter));
    let accepts = standing("from").first().and_then(|version| version.value.as_text().map(str::to_owned));
    let offers = item.children.values().filter_map(|offer| read_offer(law, &path, offer, &owner)).collect();
    Some(Claim {
        id: item.id.clone(),
        member: owner.member?,
        made: born.origin,
        ended: ended.map(|version| (version.value == Scalar::Bool(true), version.source.origin)),
        accepts,
        offers,
    })
}

fn read_offer(law: &Law<'_>, claim: &[&str; 3], item: &Item, owner: &Author) -> Option<Given> {
    let born = item.born?;
    if !law.author(&born).is(owner) {
        return None;
    }
    let path = [claim[0], claim[1], claim[2], item.id.as_str()];
    let own = |writer: &Author, _: &Origin| writer.is(owner);
    let to = law.standing(&path, item, "to", &own).first().and_then(|version| unsigned(&version.value))?;
    let withdrawn = law.standing(&path, item, "end", &own);
    let withdrawn = withdrawn.iter().filter(|version| version.value == Scalar::Bool(true));
    Some(Given {
        id: item.id.clone(),
        to: Member::try_from(to).ok()?,
        made: born.origin,
        withdrawn: withdrawn.map(|version| version.source.origin).min(),
    })
}

/// The claims that count before `until`, or all of them, best rank first, at most one a member.
pub(crate) fn line(
    claims: &[Claim],
    until: Option<Origin>,
    is_active: &dyn Fn(Member) -> bool,
) -> Vec<InLine> {
    let before = |origin: Origin| until.is_none_or(|until| origin < until);
    let mut order: Vec<usize> = (0..claims.len()).filter(|claim| before(claims[*claim].made)).collect();
    order.sort_by_key(|claim| (claims[*claim].made, &claims[*claim].id));

    let mut rank: BTreeMap<usize, Origin> = BTreeMap::new();
    let mut handed: BTreeSet<usize> = BTreeSet::new();
    // In order of making: whose place is taken is known before who takes it.
    for &index in &order {
        let claim = &claims[index];
        let giver = claim.accepts.as_ref().and_then(|offer| {
            order.iter().copied().find(|giver| {
                rank.contains_key(giver) && !handed.contains(giver) && gives(&claims[*giver], offer, claim)
            })
        });
        let own = match claim.ended {
            // Standing down was taken back: in line again, at the end as it was then.
            Some((false, again)) if before(again) => again,
            _ => claim.made,
        };
        rank.insert(index, giver.and_then(|giver| rank.get(&giver).copied()).unwrap_or(own));
        handed.extend(giver);
    }
    let mut line: Vec<InLine> = order
        .into_iter()
        .filter(|index| {
            let claim = &claims[*index];
            let ended = claim.ended.is_some_and(|(ended, at)| ended && before(at));
            !ended && !handed.contains(index) && is_active(claim.member)
        })
        .filter_map(|index| {
            let confirmed = matches!(claims[index].made, Origin::Committed { .. });
            Some(InLine { claim: index, rank: *rank.get(&index)?, confirmed })
        })
        .collect();
    // Ranks come from the stream; ids only part edits that wait on one device under one number.
    line.sort_by_key(|place| (place.rank, claims[place.claim].made, &claims[place.claim].id));
    let mut seen = BTreeSet::new();
    line.retain(|place| seen.insert(claims[place.claim].member));
    line
}

/// Whether `giver`'s claim held an open offer of this name to the owner of `taker` when `taker` was made.
fn gives(giver: &Claim, offer: &str, taker: &Claim) -> bool {
    let stood = !giver.ended.is_some_and(|(ended, at)| ended && at < taker.made);
    let open = |given: &&Given| {
        given.id == offer
            && given.to == taker.member
            && given.made < taker.made
            && given.withdrawn.is_none_or(|at| at > taker.made)
    };
    stood && giver.offers.iter().any(|given| open(&given))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(k: u64) -> Origin {
        Origin::Committed { k, place: 0, stamp: k * 1000 }
    }

    fn claim(id: &str, member: Member, k: u64) -> Claim {
        Claim { id: id.into(), member, made: at(k), ended: None, accepts: None, offers: Vec::new() }
    }

    fn members(claims: &[Claim], until: Option<Origin>) -> Vec<Member> {
        line(claims, until, &|member| member != 99)
            .into_iter()
            .map(|place| claims[place.claim].member)
            .collect()
    }

    #[test]
    fn the_line_is_in_order_of_the_stream_and_pending_comes_last() {
        let mut mine = claim("a", 3, 0);
        mine.made = Origin::Pending { n: 1 };
        assert_eq!(members(&[mine, claim("c", 1, 9), claim("b", 2, 8)], None), [2, 1, 3]);
    }

    #[test]
    fn who_stands_down_leaves_the_line_and_who_comes_back_is_last() {
        let mut first = claim("a", 1, 1);
        first.ended = Some((true, at(5)));
        let second = claim("b", 2, 2);
        assert_eq!(members(&[first.clone(), second.clone()], None), [2]);
        assert_eq!(members(&[first.clone(), second.clone()], Some(at(4))), [1, 2]);
        first.ended = Some((false, at(6)));
        assert_eq!(members(&[first, second], None), [2, 1]);
    }

    #[test]
    fn a_place_that_is_handed_over_keeps_its_rank() {
        let mut giver = claim("a", 1, 1);
        giver.offers.push(Given { id: "o".into(), to: 3, made: at(4), withdrawn: None });
        let second = claim("b", 2, 2);
        let mut taker = claim("c", 3, 6);
        taker.accepts = Some("o".into());
        let line =
            |giver: &Claim, taker: &Claim| members(&[giver.clone(), second.clone(), taker.clone()], None);
        assert_eq!(line(&giver, &taker), [3, 2]);

        // Standing down or taking the offer back after it was accepted changes nothing.
        let (mut later, mut withdrawn) = (giver.clone(), giver.clone());
        later.ended = Some((true, at(7)));
        withdrawn.offers[0].withdrawn = Some(at(7));
        assert_eq!(line(&later, &taker), [3, 2]);
        assert_eq!(line(&withdrawn, &taker), [3, 2]);

        // Before it, the taker comes in line like anybody else.
        later.ended = Some((true, at(5)));
        withdrawn.offers[0].withdrawn = Some(at(5));
        assert_eq!(line(&later, &taker), [2, 3]);
        assert_eq!(line(&withdrawn, &taker), [1, 2, 3]);

        // Nobody can take what was offered to somebody else.
        let mut thief = claim("c", 4, 6);
        thief.accepts = Some("o".into());
        assert_eq!(line(&giver, &thief), [1, 2, 4]);
    }

    #[test]
    fn a_member_stands_in_line_once_and_who_left_the_circle_does_not() {
        assert_eq!(
            members(&[claim("a", 1, 4), claim("b", 1, 2), claim("c", 99, 1), claim("d", 2, 3)], None),
            [1, 2]
        );
    }

    fn any_claims() -> impl Strategy<Value = Vec<Claim>> {
        let ended = proptest::option::of((any::<bool>(), 0_u64..40));
        let offers = proptest::collection::vec((0_u32..5, 0_u64..40, proptest::option::of(0_u64..40)), 0..3);
        let claim = (0_u32..5, 0_u64..40, ended, proptest::option::of((0_usize..8, 0_usize..3)), offers);
        proptest::collection::vec(claim, 1..8).prop_map(|raw| {
            let made = |(index, (member, k, ended, accepts, offers)): (usize, _)| -> Claim {
                let offers: Vec<(u32, u64, Option<u64>)> = offers;
                let given = |(number, (to, k, withdrawn)): (usize, (u32, u64, Option<u64>))| Given {
                    id: format!("{index}.{number}"),
                    to,
                    made: at(k),
                    withdrawn: withdrawn.map(at),
                };
                let accepts: Option<(usize, usize)> = accepts;
                let ended: Option<(bool, u64)> = ended;
                Claim {
                    id: index.to_string(),
                    member,
                    made: at(k),
                    ended: ended.map(|(ended, k)| (ended, at(k))),
                    accepts: accepts.map(|(claim, offer)| format!("{claim}.{offer}")),
                    offers: offers.into_iter().enumerate().map(given).collect(),
                }
            };
            raw.into_iter().enumerate().map(made).collect()
        })
    }

    proptest! {
        /// The order in which claims lie in memory, which is the order of their random ids, decides nothing.
        #[test]
        fn the_line_does_not_depend_on_the_order_of_claims(claims in any_claims(), seed in any::<u64>()) {
            let mut shuffled = claims.clone();
            let length = shuffled.len();
            for index in 0..length {
                let other = usize::try_from(seed.rotate_left(u32::try_from(index * 7).unwrap_or(0)) % length as u64).unwrap();
                shuffled.swap(index, other);
            }
            prop_assert_eq!(members(&claims, None), members(&shuffled, None));
        }

        /// What arrives later never takes a place from somebody who holds it, whoever wrote it.
        #[test]
        fn a_late_claim_takes_no_place(claims in any_claims(), member in 0_u32..9, slots in 1_usize..4) {
            let before = members(&claims, None);
            let mut after = claims.clone();
            after.push(claim("late", member, 50));
            let now = members(&after, None);
            prop_assert_eq!(&now[..before.len()], &before[..]);
            prop_assert!(before.iter().take(slots).all(|holder| now[..slots.min(now.len())].contains(holder)));
        }
    }
}
