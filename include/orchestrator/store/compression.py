"""Snapshots packed: zlib with a dictionary of what every snapshot has. Pure.

A snapshot alone is too short for zlib to learn its words. The format says by itself whether a
dictionary was used, so what was packed before there was one is still read.
"""

from __future__ import annotations

import zlib

# The checksum of these words is in every row packed with them: they may never be changed, only joined by
# others. What comes most often is last, where it costs the fewest bits.
_WORDS = (
    b'"history":[{"action_type":"update_budget","goal_key":"presave","adset_id":"","creative_id":"",'
    b'"reason":"","status":"success","at":"2026-01-01T00:00:00Z"}],'
    b'"audience":"lookalike","paused_by":"orchestrator","paused_reason":"loser","removed_at":"2026-'
    b'"goal_key":"build_audience","goal_key":"fan_segmentation","goal_key":"presave","goal_key":"followers",'
    b'"goal_key":"streams","goal_key":"virality","is_active":true,"priority":5,"budget_hint_minor":null,'
    b'"learning_share_bp":null,"minimum_daily_budget_minor":100}],'
    b'"templates":[{"goal_key":"followers","audiences":["broad","lookalike"]}],"creatives":[{"id":"'
    b'","goal_key":"virality","status":"approved","created_at":"2026-'
    b'}],"campaigns":[{"id":"","goal_key":"streams","role":"testing","status":"PAUSED","paused_by":null,'
    b'"paused_reason":null,"daily_budget_minor":null,"created_at":"2026-01-01T00:00:00Z","removed_at":null},'
    b'"role":"scaling"}],"ad_sets":[{"id":"'
    b'{"now":"2026-01-01T00:00:00Z","user_id":"","account":{"id":"act_","currency":"USD",'
    b'"units_per_usd":null,"timezone":"America/New_York","insights_read_at":"2026-01-01T00:00:00Z"},'
    b'"settings":{"auto_scale_winners":true,"auto_pause_losers":true,"global_daily_budget_minor":'
    b',"max_daily_budget_minor":},"goals":[{"goal_key":"followers","is_active":true,"priority":5,'
    b'"budget_hint_minor":null,"learning_share_bp":null,"minimum_daily_budget_minor":100},{'
    b'","campaign_id":"","status":"ACTIVE","paused_by":null,"paused_reason":null,"daily_budget_minor":'
    b',"created_at":"2026-01-01T00:00:00Z","active_since":"2026-01-01T00:00:00Z","audience":"broad",'
    b'"creative_id":"","source_adset_id":null,"lifetime":{"spend_minor":0,"impressions":0,"events":0},'
    b'"days":[{"date":"2026-01-01","spend_minor":0,"impressions":0,"events":0},{"date":"2026-'
)


def packed(text: bytes) -> bytes:
    """A JSON text as it is stored."""
    packer = zlib.compressobj(zdict=_WORDS)
    return packer.compress(text) + packer.flush()


def unpacked(stored: bytes) -> bytes:
    """The JSON text that was packed, with the dictionary or before there was one.

    Raises:
        zlib.error: it is not whole, or was packed with words that this version does not know.
    """
    unpacker = zlib.decompressobj(zdict=_WORDS)
    text = unpacker.decompress(stored) + unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("a packed snapshot is not whole")
    return text
