"""The configuration printed in a Japanese introduction to in-house EvalAI competitions, comments and all."""

CONFIG = """\
# If you are not sure what all these fields mean, please refer our documentation here:
# http://evalai.readthedocs.io/en/latest/challenge_creation.html#challenge-creation-using-zip-configuration
title: test_competition #半角英字でないと後にエラーになります
short_description: test_competition #コンペについての一言記述
description: templates/description.html #overview
evaluation_details: templates/evaluation_details.html #評価をどのように行うかなど
terms_and_conditions: templates/terms_and_conditions.html #利用規約など
image: logo.png #コンペのサムネイルとなる画像です。
submission_guidelines: templates/submission_guidelines.html #どういうファイル形式でsubmitしてほしいか、など
evaluation_script: evaluation_script.zip #評価スクリプト(後述)
remote_evaluation: False #AWSなどでEvaluateするかどうか。Falseでよいとおもいます。
start_date: 2019-01-01 00:00:00 #開催日時
end_date: 2099-05-31 23:59:59 #終了日時
published: True #コンペを公開状態にするかどうか。これをTrueにしておかないと他の人から見えません。

leaderboard: #評価したい指標が一度に計算できない場合や、2-stage制にしたいときなどに複数のリーダボードを設定できます
  - id: 1
    schema: { "labels": ["AUC"], "default_order_by": "AUC" }
  - id: 2
    schema: { "labels": ["F1@10", "MAP@10"], "default_order_by": "MAP@10" }

challenge_phases: #上で設定したリーダーボードidと、ここのidは合わせておきます
  - id: 1
    name: AUC
    description: templates/challenge_test_description.html
    leaderboard_public: True #Trueにする
    is_public: True #Trueにする
    start_date: 2019-01-19 00:00:00
    end_date: 2099-04-25 23:59:59
    test_annotation_file: annotations/auc_test.csv #正解データ
    codename: auc #このフェーズの名前
    max_submissions_per_day: 100 #一日に何回投稿できるようにするか
    max_submissions_per_month: 5000 #一ヶ月に何回投稿できるようにするか
    max_submissions: 50000 #最大何回投稿できるか
  - id: 2
    name: MAP_etc
    description: templates/challenge_test_description.html
    leaderboard_public: True #Trueにする
    is_public: True #Trueにする
    start_date: 2019-01-19 00:00:00
    end_date: 2099-04-25 23:59:59
    test_annotation_file: annotations/map_etc_true.json #正解データ
    codename: map_etc #このフェーズの名前
    max_submissions_per_day: 100 #一日に何回投稿できるようにするか
    max_submissions_per_month: 5000 #一ヶ月に何回投稿できるようにするか
    max_submissions: 50000 #最大何回投稿できるか

dataset_splits:
  - id: 1 #上で設定したidと合わせる
    name: AUC #上で設定したnameと合わせる
    codename: auc #上で設定したcodenameと合わせる
  - id: 2
    name: MAP_etc
    codename: map_etc

challenge_phase_splits: #visibility以外はidを合わせる。visibilityは3にしておく。
  - challenge_phase_id: 1
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 3
  - challenge_phase_id: 2
    leaderboard_id: 2
    dataset_split_id: 2
    visibility: 3
"""
