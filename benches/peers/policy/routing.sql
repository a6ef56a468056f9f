-- The clauses of ../../routing.toml that conclude a team, the first that holds by the order of options.
CASE
  WHEN product = 'platform' AND users >= 500 AND symptom = 'inaccessible' THEN 'on_call'
  WHEN product = 'platform' AND need IN ('build', 'change') AND subject IN ('access_profile', 'role')
       AND NOT help_wanted THEN 'customer'
  WHEN product = 'platform' AND NOT changed AND working THEN 'support'
  WHEN product = 'platform' AND need NOT IN ('build', 'change') AND subject IN ('access_profile', 'role')
       AND symptom = 'not_provisioning' AND working THEN 'support'
  WHEN product = 'platform' AND (need IN ('build', 'change') OR NOT working OR changed OR data_quality
       OR connector = 'custom' OR (rule_involved AND NOT fails_alone)) THEN 'services'
  WHEN product = 'nerm' THEN 'desk'
  WHEN product = 'other' THEN 'out_of_scope'
END
