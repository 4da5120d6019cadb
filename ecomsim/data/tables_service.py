"""Canonical tables of the chat desk."""

from __future__ import annotations

from ecomsim.data.columns import count, date, money, seconds, share, text
from ecomsim.data.schema import Column, Kind, Table

__all__ = ["SERVICE"]

SERVICE = (
    Table(
        "service_day",
        "Customer service by day",
        "客服日报",
        "One day of the chat desk.",
        ("date",),
        (
            date(),
            count("enquirers", "咨询人数", "People who asked.", unit="people", also=("询单人数",)),
            count("served", "接待人数", "People who got a human reply.", unit="people"),
            count("unanswered", "未回复人数", "People nobody answered.", unit="people"),
            seconds("first_response_s", "首次响应时长", "Mean time to the first human reply."),
            seconds("response_s", "平均响应时长", "Mean time to a reply."),
            seconds("handle_s", "平均接待时长", "Mean length of a chat."),
            share("share_3min", "3分钟人工响应率", "Share answered by a human within 3 minutes."),
            count("agent_messages", "客服消息条数", "Messages by agents."),
            count("buyer_messages", "买家消息条数", "Messages by buyers."),
            count("presale_enquirers", "询单人数", "People who asked before buying.", unit="people"),
            count("presale_buyers", "当日付款人数", "Of these, who paid the same day.", unit="people"),
            money("presale_gmv", "当日付款金额", "What they paid."),
            money("basket_gmv", "销售额", "GMV of served buyers."),
            count("basket_buyers", "销售人数", "Served buyers.", unit="people"),
            count("basket_units", "销售量", "Units of served buyers.", unit="units"),
        ),
    ),
    Table(
        "contacts",
        "Contacts by half-hour",
        "分时咨询",
        "Chats arriving in one half-hour.",
        ("date", "slot", "kind"),
        (
            date(),
            Column(
                "slot",
                Kind.TIME,
                "时段",
                "Start of the half-hour, HH:MM.",
                "local time",
                required=True,
                also=("时间",),
            ),
            text(
                "kind",
                "类型",
                "presale (售前) or aftersale (售后).",
                choices=("presale", "aftersale"),
                choices_zh=("售前", "售后"),
                default="presale",
                also=("class",),
            ),
            count("contacts", "咨询量", "Chats that arrived.", required=True),
            count("answered", "接待量", "Chats answered."),
        ),
        template=True,
    ),
    Table(
        "roster",
        "Roster",
        "排班",
        "Agents on duty in one half-hour.",
        ("date", "slot", "team"),
        (
            date(),
            Column("slot", Kind.TIME, "时段", "Start of the half-hour, HH:MM.", "local time", required=True),
            text("team", "组", "Team's name.", also=("班组",), default="all"),
            Column("agents", Kind.NUMBER, "在岗人数", "Agents on duty.", "people", required=True, low=0.0),
        ),
        template=True,
    ),
)
