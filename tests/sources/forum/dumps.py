"""Dumps of one small invented forum, written in every form that the readers know."""

# ruff: noqa: E501 - lines of dumps are long

from __future__ import annotations

import csv
import json
from html import escape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

ASKER = "bluebird"
THREADS: list[dict[str, Any]] = [
    {
        "id": 10,
        "title": "Heart beats at night",
        "category": "Cardiology",
        "posts": [
            (1, ASKER, "", "I can't sleep: my \"pounding\" heart (at night).\nWhat is it; 5 < 7?", "2021-03-05T10:00:00", 4),
            (3, "Anna K", "Physician", "It's likely benign. Take 10 mg once.", "2021-03-05T11:00:00", 12),
            (4, ASKER, "", "Thank you, for how long?", "2021-03-05T12:00:00", 0),
        ],
    },
    {
        "id": 11,
        "title": "Red rash",
        "category": "Skin",
        "posts": [
            (2, "mole", "", "A red rash \\ since monday, 50% of the arm.", "2021-03-06T10:00:00", 1),
            (6, "zed", "", "Use DROP TABLE users; cream, and rest.", "2021-03-06T11:00:00", -2),
        ],
    },
]  # fmt: skip


def flat() -> list[dict[str, object]]:
    """Return all posts, those of both threads mixed, in the order of their ids."""
    rows = [
        {"post_id": post, "thread_id": thread["id"], "title": thread["title"], "category": thread["category"],
         "author": author, "user_rank": rank, "body": text, "created_at": date, "votes": votes}
        for thread in THREADS
        for post, author, rank, text, date, votes in thread["posts"]
    ]  # fmt: skip
    return sorted(rows, key=lambda row: int(str(row["post_id"])))


def as_csv(folder: Path) -> Path:
    path = folder / "dump.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(flat()[0]))
        writer.writeheader()
        writer.writerows(flat())
    return path


def as_jsonl(folder: Path) -> Path:
    path = folder / "dump.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in flat()), "utf-8")
    return path


def as_nested(folder: Path) -> Path:
    path = folder / "dump.json"
    threads = []
    for thread in THREADS:
        first, *others = thread["posts"]
        threads.append({
            "id": thread["id"], "title": thread["title"], "category": thread["category"], "body": first[3],
            "author": {"name": first[1]}, "created_at": first[4], "votes": first[5],
            "replies": [
                {"id": post, "author": {"name": name}, "rank": rank, "body": text, "created_at": date, "votes": votes}
                for post, name, rank, text, date, votes in others
            ],
        })  # fmt: skip
    path.write_text(json.dumps({"site": "x", "threads": threads}, indent=1), "utf-8")
    return path


def mysql(text: object) -> str:
    return "'" + str(text).replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').replace("\n", "\\n") + "'"


def as_mysql(folder: Path) -> Path:
    names = {str(post[1]): number for number, post in enumerate(
        (post for thread in THREADS for post in thread["posts"]), 5)}  # fmt: skip
    ranks = {str(post[1]): post[2] for thread in THREADS for post in thread["posts"]}
    posts = ",".join(
        f"({row['post_id']},{row['thread_id']},{names[str(row['author'])]},{mysql(str(row['created_at']).replace('T', ' '))},"
        f"{mysql(row['body'])},{row['votes']})"
        for row in flat()
    )
    users = ",".join(
        f"({number},{mysql(name)},'{name}@example.org',{mysql(ranks[name])})" for name, number in names.items()
    )
    topics = ",\n".join(
        f"({thread['id']},{place},{mysql(thread['title'])},7)" for place, thread in enumerate(THREADS, 1)
    )
    forums = ",".join(f"({place},{mysql(thread['category'])})" for place, thread in enumerate(THREADS, 1))
    path = folder / "dump.sql"
    path.write_text(
        f"""-- MySQL dump 10.13
DROP TABLE IF EXISTS `bb_forums`;
/*!40101 SET NAMES utf8 */;
CREATE TABLE `bb_forums` (`forum_id` int NOT NULL, `forum_name` varchar(255) DEFAULT '' COMMENT 'a, (b)', PRIMARY KEY (`forum_id`));
INSERT INTO `bb_forums` VALUES {forums};
CREATE TABLE `bb_posts` (`post_id` int, `topic_id` int, `poster_id` int, `post_time` datetime, `post_text` mediumtext, `votes` int, KEY `t` (`topic_id`));
INSERT INTO `bb_posts` VALUES {posts};
CREATE TABLE `bb_topics` (`topic_id` int, `forum_id` int, `topic_title` varchar(255), `topic_views` int);
INSERT INTO `bb_topics` VALUES {topics};
CREATE TABLE `bb_users` (`user_id` int, `username` varchar(255), `user_email` varchar(99), `user_rank` varchar(20));
INSERT INTO `bb_users` VALUES {users};
""",
        "utf-8",
    )
    return path


def as_postgres(folder: Path) -> Path:
    def copied(value: object) -> str:
        return "\\N" if value == "" else str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")

    rows = flat()
    lines = "\n".join("\t".join(copied(value) for value in row.values()) for row in rows[:-1])
    last = ", ".join("'" + str(value).replace("'", "''") + "'" for value in rows[-1].values())
    path = folder / "dump.sql"
    path.write_text(
        f"-- PostgreSQL database dump\nSET standard_conforming_strings = on;\n"
        f"COPY public.posts ({', '.join(rows[0])}) FROM stdin;\n{lines}\n\\.\n\n"
        f"INSERT INTO public.posts ({', '.join(rows[0])}) VALUES ({last});\n",
        "utf-8",
    )
    return path


def as_stackexchange(folder: Path) -> Path:
    rows = []
    comments = []
    for thread in THREADS:
        question, *others = thread["posts"]
        for post, name, rank, text, date, votes in [question, *others]:
            if post == 4:
                comments.append(
                    f'<row Id="9" PostId="3" Score="0" Text={quoteattr(text)} CreationDate="{date}" UserDisplayName={quoteattr(name)}/>'
                )
                continue
            body = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
            shown = f"Dr. {name}" if rank else name
            values = f'Id="{post}" CreationDate="{date}.123" Score="{votes}" Body={quoteattr(body)} OwnerDisplayName={quoteattr(shown)}'
            if post == question[0]:
                tag = str(thread["category"]).lower()
                accepted = 'AcceptedAnswerId="3"' if post == 1 else ""
                rows.append(
                    (
                        post,
                        f'<row PostTypeId="1" {values} {accepted} Title={quoteattr(str(thread["title"]))} Tags="&lt;{tag}&gt;"/>',
                    )
                )
            else:
                rows.append((post, f'<row PostTypeId="2" ParentId="{question[0]}" {values}/>'))
    rows.append((99, '<row Id="99" PostTypeId="5" CreationDate="2020-01-01" Body="about a tag"/>'))
    path = folder / "se"
    path.mkdir()
    (path / "Posts.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
        + "\n".join(text for _, text in sorted(rows))
        + "\n</posts>",
        "utf-8",
    )
    (path / "Comments.xml").write_text("<comments>" + "".join(comments) + "</comments>", "utf-8")
    return path


def as_pages(folder: Path) -> Path:
    path = folder / "pages"
    path.mkdir()
    for thread in THREADS:
        question, *others = thread["posts"]

        def parts(post: tuple[object, ...]) -> str:
            badge = f'<span class="badge">{post[2]}</span>' if post[2] else ""
            body = escape(str(post[3])).replace("\n", "<br>")
            return (
                f'<div class="head"><a class="username" href="/u/1">{post[1]}</a>{badge} '
                f'<time datetime="{post[4]}Z">5 March</time></div><div class="vote-count">{post[5]}</div>'
                f'<div class="post-body"><p>{body}</p><script>alert("x")</script></div>'
            )

        replies = "".join(f'<li class="reply post-77{post[0]}">{parts(post)}</li>' for post in others)
        (path / f"t{thread['id']}.html").write_text(
            f"""<html><head><link rel="canonical" href="https://forum.example.org/threads/{thread["id"]}"></head>
<body><nav><a class="username">Log in</a></nav>
<div class="breadcrumbs"><a href="/">Home</a><a href="/c">{thread["category"]}</a></div><h1>{thread["title"]}</h1>
<article class="opening">{parts(question)}</article><ul class="thread">{replies}</ul>
<div class="related"><div class="teaser">Another thread about something else</div><div class="teaser">And another</div></div>
</body></html>""",
            "utf-8",
        )
    return path
