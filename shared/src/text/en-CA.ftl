# English (Canada): only what differs from the United Kingdom.
role-caregiver = Caregiver
join-as-caregiver = You would join as a caregiver.
suggest-respite = Give the caregiver an evening off
