# English (Canada): only what differs from the United Kingdom.
role-caregiver = Caregiver
join-as-caregiver = You would join as a caregiver.
suggest-respite = Give the caregiver an evening off
fresh-link-coordinator = A new link brings { $name } back in as a caregiver; you can then make them coordinator again, and take the lost one out.
circle-caregivers = May caregivers invite helpers and friends?
