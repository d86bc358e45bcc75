-- The common place counts as long as the same read it who read it when it was chosen.
INSERT INTO setting (community_id, key, value, changed_at)
SELECT setting.community_id, 'community.common_circle', '"' || place.circle || '"', setting.changed_at
FROM setting
JOIN place ON place.community_id = setting.community_id AND CAST(place.id AS TEXT) = setting.value
WHERE setting.key = 'community.common_place';
